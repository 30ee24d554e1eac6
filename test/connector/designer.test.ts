import { describe, expect, it } from 'vitest';
import { operations } from '../../src/connector/operations.ts';
import { lookUp, type Parameter, type Schema } from '../../src/connector/swagger.ts';
import { operationsOf } from '../../src/verify/rules/connector/walk.ts';
import { definition } from './generated.ts';

/** A field of an operation's form in the designer. */
interface Field {
  readonly name: string;
  readonly label: string | undefined;
  /** The label of the body that the field belongs to. */
  readonly group: string | undefined;
  readonly isRequired: boolean;
  readonly value: Parameter | Schema;
}

/** Ids that nothing lists, or whose list helps nobody who draws a workflow. */
const WITHOUT_LIST: readonly { readonly name: RegExp; readonly why: string }[] = [
  {
    name: /^(alertIds?|afterId)$/,
    why: 'comes from a trigger or an earlier step: an alert that is there while the workflow is drawn is not the one that it will run for; the list is a POST with a filter, too',
  },
  { name: /^eventId$/, why: 'the answer of Send an event; events are listed by a POST with a filter' },
  { name: /^jobId$/, why: 'the answer of Run a remote action; runs are listed by a POST with a filter' },
  { name: /^scheduleId$/, why: 'shifts have no name, and are listed by a POST with a filter' },
  { name: /^(externalId|X-S4-ExternalID)$/, why: "the sender's own id" },
  { name: /^id$/, why: 'the id of what is made here; the service chooses it, or the path says it' },
  { name: /^roleId$/, why: 'the service has no list of roles: memberships name roles by their id only' },
];

const all = operationsOf(definition);
const forms = all.map(({ value: { operationId = '', parameters = [] } }) => ({
  operationId,
  fields: formOf(parameters),
}));

function formOf(parameters: readonly Parameter[]): Field[] {
  return parameters.flatMap((parameter): Field[] => {
    if (parameter.in !== 'body') {
      const { name = '', required = false } = parameter;
      return [{ name, label: parameter['x-ms-summary'], group: undefined, isRequired: required, value: parameter }];
    }
    const schema = follow(parameter.schema);
    return membersOf(schema?.items ? follow(schema.items) : schema, parameter['x-ms-summary']);
  });
}

function membersOf(schema: Schema | undefined, group: string | undefined): Field[] {
  return Object.entries(schema?.properties ?? {}).map(([name, member]) => {
    const value = follow(member) ?? {};
    return { name, label: value.title, group, isRequired: schema?.required?.includes(name) ?? false, value };
  });
}

function follow(schema: Schema | undefined): Schema | undefined {
  return schema?.$ref === undefined ? schema : lookUp<Schema>(definition, schema.$ref);
}

/** A field, and those inside it. */
function withInner(field: Field): Field[] {
  const schema = field.value as Schema;
  const inner = membersOf(schema.items ? follow(schema.items) : schema, field.label);
  return [field, ...inner.flatMap(withInner)];
}

/** Those of `forms` that have a field of which something is true, with the field. */
function fieldsWhere(isSo: (field: Field, form: readonly Field[]) => boolean): string[] {
  return forms.flatMap(({ operationId, fields }) =>
    fields.filter((field) => isSo(field, fields)).map(({ name }) => `${operationId} ${name}`),
  );
}

const isGroup = ({ value }: Field) => value.type === 'object';
const RANKS = ['important', undefined, 'advanced', 'internal'];

describe('every operation in the designer', () => {
  it('has a name that says what it does, other than that of any other', () => {
    const names = operations(definition).map(({ summary }) => summary);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !/^(When an? |[A-Z][a-z]+ )[\w ]{3,76}\w$/.test(name ?? ''))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a description in whole sentences that says more than its name', () => {
    const wrong = all.filter(
      ({ value: { summary = '', description = '' } }) =>
        !/^[A-Z].{19,}\.$/s.test(description) || description.toLowerCase().startsWith(summary.toLowerCase()),
    );
    expect(wrong.map(({ value }) => value.operationId)).toEqual([]);
  });

  it('has a label and a description for each of its fields', () => {
    expect(forms.flatMap(({ fields }) => fields).length).toBeGreaterThan(250);
    expect(fieldsWhere((field) => !isGroup(field) && !/^[A-Z]/.test(field.label ?? ''))).toEqual([]);
    expect(fieldsWhere(({ value }) => !/^[A-Z].*\.$/s.test(value.description ?? ''))).toEqual([]);
  });

  it('has no two fields of one label', () => {
    const isTwin = (field: Field, form: readonly Field[]) =>
      field.label !== undefined && form.some((other) => other !== field && other.label === field.label);
    expect(fieldsWhere(isTwin)).toEqual([]);
  });

  it('says "Title", not "Event Title"', () => {
    expect(fieldsWhere(({ label, group }) => group !== undefined && label?.startsWith(`${group} `) === true)).toEqual(
      [],
    );
  });

  it('says of each field outside of lists whether it is shown at once', () => {
    const isInList = new Set(
      all.flatMap(({ value: { operationId, parameters = [] } }) =>
        parameters.some((one) => one.in === 'body' && follow(one.schema)?.type === 'array') ? [operationId] : [],
      ),
    );
    const open = fieldsWhere((field) => !isGroup(field) && field.value['x-ms-visibility'] === undefined);
    expect(open.filter((one) => !isInList.has(one.split(' ')[0]))).toEqual([]);
    expect(fieldsWhere(({ isRequired, value }) => isRequired && value['x-ms-visibility'] === 'advanced')).toEqual([]);
  });

  it('has what is required first, then what is important, then the rest; nothing optional before the body', () => {
    const rank = ({ required, 'x-ms-visibility': visibility }: Parameter) =>
      required ? -1 : RANKS.indexOf(visibility);
    const wrong = all.filter(({ value: { parameters = [] } }) => {
      const ranks = parameters.map(rank);
      return ranks.some((one, index) => one < (ranks[index - 1] ?? -1));
    });
    expect(wrong.map(({ value }) => value.operationId)).toEqual([]);
  });

  it('offers a list for each id, but for those that say why not', () => {
    const ids = forms.flatMap(({ operationId, fields }) =>
      fields
        .flatMap(withInner)
        .filter(({ name, label }) => /(^i|I)ds?$|ID$|RefId$/.test(name) || /\bIDs?\b/.test(label ?? ''))
        .map((field) => ({ operationId, ...field })),
    );
    const open = ids.filter(({ value }) => {
      const holder = value as Schema;
      return !(holder['x-ms-dynamic-values'] ?? follow(holder.items)?.['x-ms-dynamic-values']);
    });
    expect(ids.length).toBeGreaterThan(150);
    const unexplained = open.filter(({ name }) => !WITHOUT_LIST.some((one) => one.name.test(name)));
    expect(unexplained.map(({ operationId, name }) => `${operationId} ${name}`)).toEqual([]);
    const superfluous = WITHOUT_LIST.filter((one) => !open.some(({ name }) => one.name.test(name)));
    expect(superfluous.map(({ why }) => why)).toEqual([]);
  });
});
