import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, listAt, nameIn, objectAt, textAt } from '../../json-walk.ts';
import type { Violation } from '../../rule.ts';
import { callsIn, isBehind, literal } from './expression-text.ts';
import { type ToolkitTest, writtenTexts } from './test.ts';

/** Tests about parameters, variables and outputs: what is declared, used and shown. */
export const referenceTests: readonly ToolkitTest[] = [
  {
    test: 'Parameters Must Be Referenced',
    id: 'arm.unreferenced',
    on: 'outermost',
    check: ({ template }) =>
      Object.keys(objectAt(template, 'parameters'))
        .filter((name) => !name.startsWith('__'))
        .flatMap((name) => references(template, 'parameters', name, /[[@]/)),
  },
  {
    test: 'Variables Must Be Referenced',
    id: 'arm.unreferenced',
    on: 'outermost',
    check: ({ template }) =>
      Object.entries(objectAt(template, 'variables')).flatMap(([name, value]) => {
        const loops = listAt(name === 'copy' ? value : at(value, 'copy'));
        if (loops.length === 0) return references(template, 'variables', name, /\[/);
        // A loop inside a variable counts under its own name, or as the member read from the variable.
        return loops
          .map((one) => textAt(one, 'name') ?? '')
          .filter((loop) => !readsMember(template, name, loop))
          .flatMap((loop) => references(template, 'variables', loop, /\[/));
      }),
  },
  {
    test: 'Secure String Parameters Cannot Have Default',
    id: 'arm.secure-parameter',
    on: 'outermost',
    check: ({ template }) =>
      parametersOf(template).flatMap(({ name, type, declaration, pointer }) => {
        const fallback = declaration['defaultValue'];
        const isAllowed = !fallback || (typeof fallback === 'string' && callsIn(fallback, ['newguid']).length > 0);
        return type === 'securestring' && !isAllowed
          ? [{ pointer: `${pointer}/defaultValue`, message: `the secret "${name}" has a default` }]
          : [];
      }),
  },
  {
    test: 'Password params must be secure',
    id: 'arm.secure-parameter',
    on: 'outermost',
    check: ({ template }) =>
      parametersOf(template)
        .filter(({ name, type }) => isNamedSecret(name) && !['securestring', 'secureobject', 'bool'].includes(type))
        .map(({ name, type, pointer }) => ({
          pointer: `${pointer}/type`,
          message: `"${name}" is ${type || 'without type'}, expected securestring`,
        })),
  },
  {
    test: 'Min And Max Value Are Numbers',
    id: 'arm.number-limits',
    on: 'outermost',
    check: ({ template }) =>
      parametersOf(template).flatMap(({ name, declaration, pointer }) => {
        const limits = ['maxValue', 'minValue'].flatMap((limit) => nameIn(declaration, limit) ?? []);
        const wrong = limits.find((limit) => !isWhole(declaration[limit]));
        if (wrong) return [{ pointer: `${pointer}/${wrong}`, message: `${wrong} of "${name}" must be a whole number` }];
        return limits.length === 1
          ? [{ pointer, message: `"${name}" has a ${limits[0]}; minValue and maxValue belong together` }]
          : [];
      }),
  },
  {
    test: 'Outputs Must Not Contain Secrets',
    id: 'arm.secret-output',
    on: 'outermost',
    check: ({ template }) => secretOutputs(template),
  },
];

function references(
  template: JsonObject,
  kind: 'parameters' | 'variables',
  name: string,
  marks: RegExp,
): readonly Violation[] {
  const pointer = `/${kind}${pointerStep(name)}`;
  const found = namedIn(template, kind).get(name.toLowerCase()) ?? [];
  if (found.length === 0) return [{ pointer, message: `the ${kind.slice(0, -1)} "${name}" is never used` }];
  return found
    .filter(({ written, index }) => !isBehind(marks, written, index + (kind === 'parameters' ? 1 : 0)))
    .map((text) => ({ pointer: text.pointer, message: `"${name}" is named outside an expression` }));
}

/** Beyond 64 bits, PowerShell reads another type. */
function isWhole(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

/** Whether `variables('a').b` is the first member read from the variable. */
function readsMember(template: JsonObject, variable: string, name: string): boolean {
  const [first] = namedIn(template, 'variables').get(variable.toLowerCase()) ?? [];
  return !!first && first.written.slice(first.index + first.length + 1).startsWith(name);
}

interface NamedText {
  readonly pointer: string;
  readonly written: string;
  readonly index: number;
  readonly length: number;
}

const FORMS = {
  parameters: /parameters\s*\(\s*'([^']+)'\s*\)/gi,
  variables: /variables\s?\(\s*'([^']+)'\s*\)/gi,
} as const;

const namesByTemplate = {
  parameters: new WeakMap<JsonObject, ReadonlyMap<string, readonly NamedText[]>>(),
  variables: new WeakMap<JsonObject, ReadonlyMap<string, readonly NamedText[]>>(),
};

/** References to parameters or variables by name in lower case; collected once for all of them. */
function namedIn(template: JsonObject, kind: keyof typeof FORMS): ReadonlyMap<string, readonly NamedText[]> {
  const known = namesByTemplate[kind].get(template);
  if (known) return known;
  const found = writtenTexts(template)
    .filter(({ written }) => written.includes('('))
    .flatMap(({ pointer, written }) =>
      [...written.matchAll(FORMS[kind])].map(({ 0: whole, 1: name = '', index }) => ({
        ...{ pointer, written, index, name, length: whole.length },
      })),
    );
  const names = Map.groupBy(found, ({ name }) => name.toLowerCase());
  namesByTemplate[kind].set(template, names);
  return names;
}

interface Declared {
  readonly name: string;
  /** In lower case. */
  readonly type: string;
  readonly declaration: JsonObject;
  readonly pointer: string;
}

export function parametersOf(template: JsonObject): Declared[] {
  return Object.entries(objectAt(template, 'parameters')).flatMap(([name, declaration]) =>
    isJsonObject(declaration)
      ? [
          {
            name,
            type: (textAt(declaration, 'type') ?? '').toLowerCase(),
            declaration,
            pointer: `/parameters${pointerStep(name)}`,
          },
        ]
      : [],
  );
}

/** `VaultSecretName` is the name of a secret, not a secret. */
function isNamedSecret(name: string): boolean {
  return (
    /password|secret|accountkey/i.test(name) && !(/secret/i.test(name) && /permission|version|url|uri|name/i.test(name))
  );
}

const LIST_CALL = /[[(,]\s*list\w*\s*\(/gi;

function secretOutputs(template: JsonObject): Violation[] {
  const secrets = parametersOf(template).filter(({ type }) => type === 'securestring' || type === 'secureobject');
  const texts = writtenTexts(template).filter(({ pointer }) => pointer.startsWith('/outputs/'));
  return [
    ...Object.keys(objectAt(template, 'outputs'))
      .filter((name) => /password/i.test(name))
      .map((name) => ({ pointer: `/outputs${pointerStep(name)}`, message: `the name "${name}" promises a secret` })),
    ...texts.flatMap(({ pointer, written }) => [
      ...[...written.matchAll(LIST_CALL)]
        .filter(({ index }) => isBehind(/\[/, written, index + 1))
        .map(({ 0: call }) => ({ pointer, message: `the output reads a secret with ${call.slice(1).trim()})` })),
      ...secrets
        .filter(({ name }) => {
          const index = written.search(new RegExp(`parameters\\s*\\(\\s*'${literal(name)}'\\s*\\)`, 'i'));
          return index >= 0 && isBehind(/\[/, written, index);
        })
        .map(({ name }) => ({ pointer, message: `the output shows the secret "${name}"` })),
    ]),
  ];
}
