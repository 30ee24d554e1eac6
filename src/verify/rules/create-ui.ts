import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import { step } from '../json-text.ts';
import { at, listAt, objectAt, partsOf, textAt, textsOf } from '../json-walk.ts';
import type { SubjectRule } from '../rule.ts';
import { sources } from '../sources.ts';

/** A createUiDefinition with the template it fills in, where that lies beside it. */
export interface CreateUi {
  readonly json: JsonObject;
  readonly template: JsonObject | undefined;
}

const BLANKS_ALLOWED = new Set(['basics', 'steps', 'defaultValue']);
/** Controls that show something and take nothing: they need no tooltip. */
const DISPLAY_CONTROLS = /^Microsoft\.(Common\.(TextBlock|InfoBox|Section)|Solutions\.ArmApiControl)$/i;

/** The tests of the ARM template toolkit for createUiDefinition.json; the repository skips none of them. */
export const createUiRules: readonly SubjectRule<CreateUi>[] = [
  rule('ui.schema', 'Use one version in $schema and version, for example 0.1.2-preview.', ({ json }) => {
    const schema = textAt(json, '$schema') ?? '';
    const version = textAt(json, 'version') ?? '';
    return /^https:\/\/schema\.management\.azure\.com\/schemas\/[\w.-]+\/CreateUIDefinition\.MultiVm\.json#?$/i.test(
      schema,
    ) && schema.includes(`/${version}/`)
      ? []
      : [{ pointer: '/$schema', message: `the schema is "${schema}", the version "${version}"` }];
  }),
  rule('ui.handler', 'Write Microsoft.Azure.CreateUIDef.', ({ json }) =>
    ['Microsoft.Azure.CreateUIDef', 'Microsoft.Compute.MultiVm'].includes(textAt(json, 'handler') ?? '')
      ? []
      : [{ pointer: '/handler', message: `the handler is "${json['handler']}"` }],
  ),
  rule('ui.location-output', 'Let outputs.location be [location()].', ({ json }) =>
    /^\[location\(\)\]$/i.test(textAt(json, 'parameters', 'outputs', 'location') ?? '')
      ? []
      : [{ pointer: '/parameters/outputs', message: 'outputs.location is not [location()]' }],
  ),
  rule(
    'ui.unknown-output',
    'Name the output as the parameter of the template is named, or remove it.',
    ({ json, template }) =>
      template === undefined
        ? []
        : Object.keys(outputsOf(json))
            .filter((name) => !hasName(objectAt(template, 'parameters'), name))
            .map((name) => ({
              pointer: `/parameters/outputs${step(name)}`,
              message: `the template has no parameter "${name}"`,
            })),
  ),
  rule('ui.missing-output', 'Add an output for the parameter, or give the parameter a default.', ({ json, template }) =>
    Object.entries(objectAt(template, 'parameters'))
      .filter(([name, declaration]) => at(declaration, 'defaultValue') === undefined && !hasName(outputsOf(json), name))
      .map(([name]) => ({
        pointer: '/parameters/outputs',
        message: `the parameter "${name}" has no default and no output`,
      })),
  ),
  rule('ui.unknown-control', 'Correct the name, or remove the reference.', ({ json }) => {
    const names = new Set(controlsOf(json).map(({ control }) => (textAt(control, 'name') ?? '').toLowerCase()));
    const steps = new Set(listAt(json, 'parameters', 'steps').map((one) => (textAt(one, 'name') ?? '').toLowerCase()));
    return textsOf(json['parameters'] ?? null, '/parameters').flatMap(({ pointer, text }) => [
      ...unknownNames(text, /\bbasics\('([^']+)'\)/gi, names).map((name) => ({
        pointer,
        message: `there is no control "${name}" in basics`,
      })),
      ...unknownNames(text, /\bsteps\('([^']+)'\)/gi, steps).map((name) => ({
        pointer,
        message: `there is no step "${name}"`,
      })),
      ...unknownNames(text, /\bsteps\('[^']+'\)\.([\w-]+)/gi, names).map((name) => ({
        pointer,
        message: `there is no control "${name}"`,
      })),
    ]);
  }),
  rule('ui.unused-choice', 'Use the choice in an output, or remove the control.', ({ json }) => {
    const outputs = JSON.stringify(outputsOf(json));
    const others = JSON.stringify(json['parameters'] ?? null);
    return controlsOf(json)
      .filter(({ control }) => at(control, 'constraints', 'allowedValues') !== undefined)
      .filter(({ control }) => !mentions(outputs, `${control['name']}`) && !mentions(others, `${control['name']}`))
      .map(({ pointer, control }) => ({ pointer, message: `what is chosen in "${control['name']}" goes nowhere` }));
  }),
  rule('ui.blank', 'Remove the member or give it a value.', ({ json }) =>
    partsOf(json)
      .filter(({ name, value }) => isBlank(value) && name !== '' && !BLANKS_ALLOWED.has(name))
      .map(({ pointer, name, value }) => ({ pointer, message: `"${name}" is ${JSON.stringify(value)}` })),
  ),
  rule('ui.text-box', 'Give the text box constraints with regex and validationMessage.', ({ json }) =>
    controlsOf(json)
      .filter(({ control }) => control['type'] === 'Microsoft.Common.TextBox')
      .filter(({ control }) => !hasValidation(objectAt(control, 'constraints')))
      .map(({ pointer, control }) => ({ pointer, message: `the text box "${control['name']}" accepts anything` })),
  ),
  rule('ui.tooltip', 'Add toolTip: what the field is for.', ({ json }) =>
    controlsOf(json)
      .filter(({ control }) => !DISPLAY_CONTROLS.test(`${control['type']}`) && !textAt(control, 'toolTip'))
      .map(({ pointer, control }) => ({ pointer, message: `"${control['name']}" has no toolTip` })),
  ),
  rule(
    'ui.password',
    'Let the password box have a regex with its message, and do not hide the confirmation.',
    ({ json }) =>
      controlsOf(json)
        .filter(({ control }) => control['type'] === 'Microsoft.Common.PasswordBox')
        .filter(
          ({ control }) =>
            !hasValidation(objectAt(control, 'constraints')) || at(control, 'options', 'hideConfirmation') === true,
        )
        .map(({ pointer, control }) => ({
          pointer,
          message: `the password box "${control['name']}" accepts anything`,
        })),
  ),
  rule('ui.password-output', 'Let the output of a password box fill a securestring.', ({ json, template }) =>
    Object.entries(outputsOf(json)).flatMap(([name, value]) => {
      const type = textAt(template, 'parameters', name, 'type') ?? '';
      const box = controlsOf(json).find(
        ({ control }) =>
          control['type'] === 'Microsoft.Common.PasswordBox' && mentions(`${value}`, `${control['name']}`),
      );
      return box && template && !/^secure/i.test(type)
        ? [
            {
              pointer: `/parameters/outputs${step(name)}`,
              message: `"${name}" takes a password and is a ${type || 'parameter that does not exist'}`,
            },
          ]
        : [];
    }),
  ),
];

function rule(id: string, help: string, check: SubjectRule<CreateUi>['check']): SubjectRule<CreateUi> {
  return { id, level: 'error', source: sources.createUiTests, help, check };
}

function outputsOf(json: JsonObject): JsonObject {
  return objectAt(json, 'parameters', 'outputs');
}

interface Control {
  readonly pointer: string;
  readonly control: JsonObject;
}

/** Controls of basics and of all steps, those inside sections too. */
function controlsOf(json: JsonObject): Control[] {
  const basics = elementsOf(listAt(json, 'parameters', 'basics'), '/parameters/basics');
  const steps = listAt(json, 'parameters', 'steps').flatMap((one, index) =>
    elementsOf(listAt(one, 'elements'), `/parameters/steps/${index}/elements`),
  );
  return [...basics, ...steps];
}

function elementsOf(elements: readonly Json[], pointer: string): Control[] {
  return elements.flatMap((control, index) =>
    isJsonObject(control)
      ? [
          { pointer: `${pointer}/${index}`, control },
          ...elementsOf(listAt(control, 'elements'), `${pointer}/${index}/elements`),
        ]
      : [],
  );
}

function hasName(members: JsonObject, name: string): boolean {
  return Object.keys(members).some((one) => one.toLowerCase() === name.toLowerCase());
}

function unknownNames(text: string, form: RegExp, known: ReadonlySet<string>): string[] {
  return [...text.matchAll(form)].map(([, name = '']) => name).filter((name) => !known.has(name.toLowerCase()));
}

/** Whether an expression refers to a control: `basics('x')`, `steps('s').x`. */
function mentions(text: string, control: string): boolean {
  const name = control.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`basics\\('${name}'\\)|\\.${name}\\b`, 'i').test(text);
}

function hasValidation(constraints: JsonObject): boolean {
  const isPair = (one: Json | undefined) => !!textAt(one, 'regex') && !!textAt(one, 'validationMessage');
  const validations = listAt(constraints, 'validations');
  return (
    isPair(constraints) ||
    (validations.length > 0 &&
      validations.every((one) => (textAt(one, 'regex') ? isPair(one) : !!textAt(one, 'message'))))
  );
}

function isBlank(value: Json): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
