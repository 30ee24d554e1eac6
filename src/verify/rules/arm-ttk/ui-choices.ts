import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { at, listAt, nameIn, objectAt, textAt } from '../../json-walk.ts';
import type { Violation } from '../../rule.ts';
import type { CreateUi } from './create-ui.ts';
import { literal } from './expression-text.ts';

/** A control with a list of values. */
interface Choice {
  readonly pointer: string;
  readonly name: string;
  readonly offered: readonly string[];
  /** Pattern for its use in an output. */
  readonly inOutput: RegExp;
}

/** Values offered by a list must be passed to a parameter, be allowed there, and include the parameter's default. */
export function choiceProblems({ json, template }: CreateUi): Violation[] {
  if (template === undefined) return [];
  const whole = JSON.stringify(json);
  const outputs = objectAt(json, 'parameters', 'outputs');
  return choicesIn(json).flatMap((choice) => {
    const output = Object.entries(outputs).find(([, value]) => choice.inOutput.test(asText(value)))?.[0];
    if (output === undefined) {
      // For the toolkit, any mention after a dot is a use.
      const isUsed = new RegExp(`\\.${literal(choice.name)}`, 'i').test(whole);
      return isUsed ? [] : [{ pointer: choice.pointer, message: `what is chosen in "${choice.name}" goes nowhere` }];
    }
    const parameters = objectAt(template, 'parameters');
    const declared = parameters[nameIn(parameters, output) ?? ''];
    const problems = declared ? valueProblems(choice, output, declared) : [`the template has no parameter "${output}"`];
    return problems.map((message) => ({ pointer: choice.pointer, message }));
  });
}

function valueProblems({ offered }: Choice, output: string, declared: Json): string[] {
  const allowed = listAt(declared, 'allowedValues').map(asText);
  const fallback = at(declared, 'defaultValue');
  const refused = offered.filter((value) => allowed.length > 0 && !allowed.some((one) => has(one, value)));
  const isAllowed = offered.length > 0 && allowed.some((one) => has(one, asText(fallback)));
  const defaults =
    isBlank(fallback) || isOfResourceGroup(fallback) || isAllowed ? [] : itemsOf(fallback ?? []).map(asText);
  return [
    ...refused.map((value) => `"${value}" is not allowed in the parameter "${output}"`),
    ...defaults
      .filter((value) => !offered.some((one) => one.toLowerCase() === value.toLowerCase()))
      .map((value) => `"${value}", the default of the parameter "${output}", is not among the choices`),
  ];
}

/** Everything with allowed values: controls, and restrictions on the wizard's own fields. */
function choicesIn(value: Json, pointer = '', around: readonly JsonObject[] = []): Choice[] {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((one, index) => choicesIn(one, `${pointer}/${index}`, around));
  }
  if (!isJsonObject(value)) return [];
  const [control, step] = around;
  const field = pointer.includes('/config/') ? pointer.slice(pointer.lastIndexOf('/') + 1) : '';
  const name = textAt(control, 'name') || field;
  const given = at(value, 'allowedValues') ?? [];
  const offered = itemsOf(given).map((one) => asText(at(one, 'value') ?? one));
  const isField = !textAt(control, 'name');
  const own = {
    pointer: isField ? pointer : pointer.replace(/\/[^/]*$/, ''),
    name,
    offered,
    inOutput: isField ? new RegExp(`${literal(name)}\\(`, 'i') : inOutput(name, textAt(step, 'name')),
  };
  return [
    ...(name !== '' && offered.some((one) => one !== '') ? [own] : []),
    ...Object.entries(value).flatMap(([key, member]) => choicesIn(member, `${pointer}/${key}`, [value, ...around])),
  ];
}

/** Pattern for a control in an output. The toolkit requires the beginning of the name only within steps. */
function inOutput(name: string, step: string | undefined): RegExp {
  return step === undefined || step === ''
    ? new RegExp(`basics\\(\\s*'${literal(name)}'\\s*\\)`, 'i')
    : new RegExp(`steps\\(\\s*'${literal(step)}'\\s*\\)(?:\\.\\w+)*?\\.${literal(name)}`, 'i');
}

function has(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function isBlank(value: Json | undefined): boolean {
  return !value || (Array.isArray(value) && value.every((one) => !one));
}

function isOfResourceGroup(value: Json | undefined): boolean {
  return asText(value).replaceAll(/\s/g, '').toLowerCase() === '[resourcegroup().location]';
}

function itemsOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value];
}

/** PowerShell joins list items with blanks, and prints an object as its members. */
function asText(value: Json | undefined): string {
  if (Array.isArray(value)) return (value as readonly Json[]).map(asText).join(' ');
  if (!isJsonObject(value)) return `${value ?? ''}`;
  const members = Object.entries(value).map(([name, one]) => `${name}=${asText(one)}`);
  return `@{${members.join('; ')}}`;
}
