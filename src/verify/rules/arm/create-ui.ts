import { textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { TemplateLevel } from '../../template-level.ts';
import type { CreateUi } from '../arm-ttk/create-ui.ts';
import { createUiTests } from '../arm-ttk/ui-tests.ts';
import { isOfSentinelOne, isOldBrand, isShortBrand } from '../solution/package.ts';
import { countProblem } from '../solution/package-structure.ts';

const HELP: Readonly<Record<string, string>> = {
  'ui.schema':
    'Write https://schema.management.azure.com/schemas/0.1.2-preview/CreateUIDefinition.MultiVm.json# and the version 0.1.2-preview.',
  'ui.handler': 'Write Microsoft.Azure.CreateUIDef.',
  'ui.location-output': 'Let outputs.location be [location()].',
  'ui.unknown-output': 'Name the output as the parameter of the template is named, or remove it.',
  'ui.missing-output': 'Add an output for the parameter, or give the parameter a default.',
  'ui.unknown-control': 'Correct the name, or remove the reference.',
  'ui.unused-choice': 'Use the choice in an output whose parameter allows it, or remove the control.',
  'ui.blank': 'Remove the member or give it a value.',
  'ui.text-box': 'Give the text box constraints with regex and validationMessage.',
  'ui.validation-message': 'Add message: what the person who fills in the field should do.',
  'ui.tooltip': 'Add toolTip: what the field is for.',
  'ui.password': 'Give the password box a regex with a length, and do not hide the confirmation.',
  'ui.password-output': 'Let the output of a password box fill a securestring.',
  'ui.user-name': 'Leave the default out: everybody would know half of the credentials.',
  'ui.existing': 'Output resourceGroup and newOrExisting of the control, or set options.hideExisting.',
};

/** A createUiDefinition with its package, if that is in the same folder. */
export interface PackagedUi extends CreateUi {
  readonly file: string;
  readonly level: TemplateLevel | undefined;
}

/** Tests of the ARM template toolkit for createUiDefinition.json, all of which the repository runs, and its own checks. */
export const createUiRules: readonly SubjectRule<PackagedUi>[] = [
  ...Object.entries(HELP).map(
    ([id, help]): SubjectRule<PackagedUi> => ({
      id,
      level: 'error',
      source: sources.createUiTests,
      help,
      check: (subject) => createUiTests.filter((test) => test.id === id).flatMap((test) => test.check(subject)),
    }),
  ),
  {
    id: 'branding.create-ui',
    level: 'error',
    source: sources.validations,
    help: 'Write "Microsoft Sentinel".',
    check: ({ json, file }) =>
      textsOf(isOfSentinelOne(file) ? null : json)
        .filter(({ name, text }) => /^(text|description)$/.test(name) && (isOldBrand(text) || isShortBrand(text)))
        .map(({ pointer }) => ({ pointer, message: 'names Sentinel without Microsoft before it' })),
  },
  {
    id: 'package.ui-counts',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Package the solution again: the description says how much of each kind is inside.',
    check: ({ json, level }) => {
      const pointer = '/parameters/config/basics/description';
      const description = textAt(json, 'parameters', 'config', 'basics', 'description') ?? '';
      const wrong = level && countProblem(description, level);
      return wrong === undefined ? [] : [{ pointer, message: wrong }];
    },
  },
];
