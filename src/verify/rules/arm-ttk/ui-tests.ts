import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { CREATE_UI_SCHEMA } from '../../../domain/schemas.ts';
import { at, listAt, nameIn, objectAt, partsOf, textAt } from '../../json-walk.ts';
import type { Violation } from '../../rule.ts';
import type { CreateUi } from './create-ui.ts';
import { literal } from './expression-text.ts';
import { choiceProblems } from './ui-choices.ts';

/** A test of the toolkit for createUiDefinition.json. */
interface CreateUiTest {
  /** Title of the test in the toolkit. */
  readonly test: string;
  /** The rule that reports it. */
  readonly id: string;
  check(subject: CreateUi): readonly Violation[];
}

const BLANKS_ALLOWED = ['basics', 'steps', 'defaultvalue'];
/** Controls that only show something or query a service need no tooltip. */
const WITHOUT_TOOLTIP =
  /^Microsoft\.(?:Common\.(?:InfoBox|Section|TextBlock|EditableGrid)|Solutions\.(?:ArmApiControl|GraphApiControl|JitConfigurator))$/i;
const WITH_EXISTING =
  /^Microsoft\.(?:Storage\.StorageAccountSelector|Network\.PublicIpAddressCombo|Network\.VirtualNetworkCombo)$/i;

/** Outputs that Azure uses itself for managed applications. */
const OF_MANAGED_APPLICATIONS = /^(applicationResourceName|jitAccessPolicy|managedResourceGroupId|managedIdentity)$/i;

/** Tests of the toolkit for a solution's wizard, except those about virtual machine sizes. */
export const createUiTests: readonly CreateUiTest[] = [
  {
    test: 'CreateUIDefinition Should Have Schema',
    id: 'ui.schema',
    check: ({ json }) => {
      const [schema, version] = [nameIn(json, '$schema'), 'version'].map((name) => textAt(json, name ?? '') ?? '');
      return schema === CREATE_UI_SCHEMA && version?.toLowerCase() === '0.1.2-preview'
        ? []
        : [{ pointer: '/$schema', message: `the schema is "${schema}", the version "${version}"` }];
    },
  },
  {
    test: 'Handler Must Be Correct',
    id: 'ui.handler',
    check: ({ json }) =>
      ['microsoft.azure.createuidef', 'microsoft.compute.multivm'].includes(
        (textAt(json, 'handler') ?? '').toLowerCase(),
      )
        ? []
        : [{ pointer: '/handler', message: `the handler is "${json['handler']}"` }],
  },
  {
    test: 'Location Should Be In Outputs',
    id: 'ui.location-output',
    check: ({ json }) =>
      `${outputNamed(json, 'location') ?? ''}`.trim().toLowerCase() === '[location()]'
        ? []
        : [{ pointer: '/parameters/outputs', message: 'outputs.location is not [location()]' }],
  },
  {
    test: 'Outputs Must Be Present In Template Parameters',
    id: 'ui.unknown-output',
    check: ({ json, template }) => {
      if (template === undefined) return [];
      if (at(json, 'parameters', 'outputs') === undefined) {
        return [
          { pointer: '/parameters', message: 'there are no outputs: nothing that people choose reaches the template' },
        ];
      }
      return Object.keys(outputsOf(json))
        .filter((name) => parameterNamed(template, name) === undefined && !OF_MANAGED_APPLICATIONS.test(name))
        .map((name) => ({
          pointer: `/parameters/outputs${pointerStep(name)}`,
          message: `the template has no parameter "${name}"`,
        }));
    },
  },
  {
    test: 'Parameters Without Default Must Exist In CreateUIDefinition',
    id: 'ui.missing-output',
    check: ({ json, template }) =>
      Object.entries(objectAt(template, 'parameters'))
        .filter(([name, declared]) => (at(declared, 'defaultValue') ?? outputNamed(json, name) ?? null) === null)
        .map(([name]) => ({
          pointer: '/parameters/outputs',
          message: `the parameter "${name}" has no default and no output`,
        })),
  },
  {
    test: 'Controls In Outputs Must Exist',
    id: 'ui.unknown-control',
    check: ({ json }) =>
      Object.entries(outputsOf(json)).flatMap(([name, value]) => {
        const texts = isJsonObject(value) ? Object.values(value) : [value];
        return texts
          .filter((text) => typeof text === 'string')
          .flatMap((text) => unknownControls(text, json))
          .map((message) => ({ pointer: `/parameters/outputs${pointerStep(name)}`, message }));
      }),
  },
  {
    test: 'Allowed Values Should Actually Be Allowed',
    id: 'ui.unused-choice',
    check: (subject) => choiceProblems(subject),
  },
  {
    test: 'CreateUIDefinition Must Not Have Blanks',
    id: 'ui.blank',
    check: ({ json }) =>
      partsOf(json)
        .filter(({ name, value }) => name !== '' && isBlank(value) && !BLANKS_ALLOWED.includes(name.toLowerCase()))
        .map(({ pointer, name, value }) => ({ pointer, message: `"${name}" is ${JSON.stringify(value)}` })),
  },
  {
    test: 'Textboxes Are Well Formed',
    id: 'ui.text-box',
    check: ({ json }) =>
      ofType(json, 'Microsoft.Common.TextBox')
        .filter(({ control }) => !isWellFormed(objectAt(control, 'constraints')))
        .map(({ pointer, control }) => ({ pointer, message: `the text box "${control['name']}" accepts anything` })),
  },
  {
    test: 'Validations Must Have Message',
    id: 'ui.validation-message',
    check: ({ json }) =>
      partsOf(json)
        .filter(({ name }) => name === 'validations')
        .flatMap(({ pointer, value }) =>
          listAt(value)
            .map((one, index) => ({ one, index }))
            .filter(({ one }) => at(one, 'message') === undefined)
            .map(({ index }) => ({ pointer: `${pointer}/${index}`, message: 'the validation has no message' })),
        ),
  },
  {
    test: 'Tooltips Should Be Present',
    id: 'ui.tooltip',
    check: ({ json }) =>
      controlsIn(json)
        .filter(
          ({ type, control }) => /^Microsoft\..*\./i.test(type) && !WITHOUT_TOOLTIP.test(type) && !hasTooltip(control),
        )
        .map(({ pointer, control }) => ({ pointer, message: `"${control['name']}" has no toolTip` })),
  },
  {
    test: 'Credential Confirmation Should Not Be Hidden',
    id: 'ui.password',
    check: ({ json }) =>
      controlsIn(json)
        .filter(({ type }) => /^Microsoft\.(Common\.PasswordBox|Compute\.CredentialsCombo)$/i.test(type))
        .filter(({ control }) => at(control, 'options', 'hideConfirmation') === true)
        .map(({ pointer, control }) => ({ pointer, message: `"${control['name']}" hides the confirmation` })),
  },
  {
    test: 'PasswordBoxes Must Have Min Length',
    id: 'ui.password',
    check: ({ json }) =>
      ofType(json, 'Microsoft.Common.PasswordBox')
        .filter(({ control }) => {
          const regex = textAt(control, 'constraints', 'regex');
          if (at(control, 'constraints') === undefined) return true;
          const isComputed = /^\s*\[[\s\S]*\]\s*$/.test(regex ?? '');
          return !!regex && !isComputed && !(isRegex(regex) && /\{\d+/.test(regex));
        })
        .map(({ pointer, control }) => ({
          pointer,
          message: `the password box "${control['name']}" accepts anything`,
        })),
  },
  {
    test: 'Password Textboxes Must Be Used For Password Parameters',
    id: 'ui.password-output',
    check: ({ json, template }) =>
      (template === undefined ? [] : ofType(json, 'Microsoft.Common.PasswordBox')).flatMap(({ pointer, control }) => {
        const name = `${control['name']}`;
        const output = Object.entries(outputsOf(json)).find(([, value]) =>
          new RegExp(`(?:steps|basics)\\(.*${literal(name)}`, 'is').test(JSON.stringify(value)),
        )?.[0];
        const declared = output === undefined ? undefined : parameterNamed(template, output);
        return declared !== undefined && /^secure(string|object)$/i.test(textAt(declared, 'type') ?? '')
          ? []
          : [{ pointer, message: `the password of "${name}" fills no securestring` }];
      }),
  },
  {
    test: 'Usernames Should Not Have A Default',
    id: 'ui.user-name',
    check: ({ json }) =>
      ofType(json, 'Microsoft.Compute.UserNameTextBox')
        .filter(({ control }) => control['defaultValue'])
        .map(({ pointer, control }) => ({ pointer, message: `the user name "${control['name']}" has a default` })),
  },
  {
    test: 'HideExisting Must Be Correctly Handled',
    id: 'ui.existing',
    check: ({ json }) => {
      const outputs = Object.values(outputsOf(json)).map((value) => `${value}`);
      return controlsIn(json)
        .filter(({ type, control }) => WITH_EXISTING.test(type) && at(control, 'options', 'hideExisting') !== true)
        .flatMap(({ pointer, control }) =>
          ['resourceGroup', 'newOrExisting']
            .filter((name) => {
              const form = new RegExp(`${literal(`${control['name']}`)}.*\\.${name}`, 'is');
              return !outputs.some((value) => form.test(value));
            })
            .map((name) => ({ pointer, message: `no output has the ${name} of "${control['name']}"` })),
        );
    },
  },
];

function outputsOf(json: JsonObject): JsonObject {
  return objectAt(json, 'parameters', 'outputs');
}

function outputNamed(json: JsonObject, name: string): Json | undefined {
  const own = nameIn(outputsOf(json), name);
  return own === undefined ? undefined : outputsOf(json)[own];
}

function parameterNamed(template: JsonObject | undefined, name: string): Json | undefined {
  const parameters = objectAt(template, 'parameters');
  const own = nameIn(parameters, name);
  return own === undefined ? undefined : parameters[own];
}

interface Control {
  readonly pointer: string;
  readonly type: string;
  readonly control: JsonObject;
}

/** Everything with a type, at whatever depth. */
function controlsIn(json: JsonObject): Control[] {
  return partsOf(json).flatMap(({ pointer, value }) => {
    const type = isJsonObject(value) ? textAt(value, 'type') : undefined;
    return type === undefined ? [] : [{ pointer, type, control: value as JsonObject }];
  });
}

function ofType(json: JsonObject, wanted: string): Control[] {
  return controlsIn(json).filter(({ type }) => type.toLowerCase() === wanted.toLowerCase());
}

/** A control with several fields has an object of tooltips. */
function hasTooltip(control: JsonObject): boolean {
  const tooltip = control[nameIn(control, 'toolTip') ?? ''];
  return isJsonObject(tooltip) || (typeof tooltip === 'string' && tooltip.trim() !== '');
}

function unknownControls(text: string, json: JsonObject): string[] {
  const basics = listAt(json, 'parameters', 'basics');
  const steps = listAt(json, 'parameters', 'steps');
  const named = (list: readonly Json[], name: string) =>
    list.find((one) => textAt(one, 'name')?.toLowerCase() === name.toLowerCase());
  return [
    ...[...text.matchAll(/\[\s*basics\(\s*'([^']+)'/gi)]
      .filter(([, name = '']) => named(basics, name) === undefined)
      .map(([, name]) => `there is no control "${name}" in basics`),
    ...[...text.matchAll(/\[\s*steps\(\s*'([^']+)'\s*\)(?:\.(\w+))?/gi)].flatMap(([, name = '', element]) => {
      const step = named(steps, name);
      if (step === undefined) return [`there is no step "${name}"`];
      const isThere = element === undefined || named(listAt(step, 'elements'), element) !== undefined;
      return isThere ? [] : [`there is no control "${element}" in the step "${name}"`];
    }),
  ];
}

function isWellFormed(constraints: JsonObject): boolean {
  const validations = listAt(constraints, 'validations');
  if (validations.length > 0) {
    const regex = validations.map((one) => textAt(one, 'regex')).find((one) => !!one);
    return regex !== undefined && isRegex(regex);
  }
  const regex = textAt(constraints, 'regex');
  return !!regex && isRegex(regex) && !!constraints['validationMessage'];
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text.replaceAll(/\(\?[imsx]+\)/g, ''));
    return true;
  } catch {
    return false;
  }
}

function isBlank(value: Json): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (!Array.isArray(value)) return typeof value === 'object' && Object.keys(value).length === 0;
  if (value.length === 0) return true;
  const [only] = value as readonly Json[];
  return (
    value.length === 1 &&
    ((typeof only === 'string' && only.trim() === '') || (isJsonObject(only) && Object.keys(only).length === 0))
  );
}
