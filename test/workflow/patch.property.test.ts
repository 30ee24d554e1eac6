import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playbooks } from '../../playbooks/index.ts';
import { patchFileText } from '../../src/cli/drift/pull-file.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { readPatchFile, secretIn } from '../../src/config/patches.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json.ts';
import { applyEdits } from '../../src/workflow/patch/apply.ts';
import { canonicalText, cleanDefinition } from '../../src/workflow/patch/canonical.ts';
import { compareDefinitions } from '../../src/workflow/patch/compare.ts';
import { renameAction } from '../../src/workflow/patch/rename.ts';
import { propertySeed } from '../support/seed.ts';

const definitions = playbooks.map((playbook) =>
  cleanDefinition(playbook.build(defaultConfig).definition as unknown as JsonObject, {
    azuresentinel: { connectionId: '/subscriptions/1', connectionName: 'c', id: '/subscriptions/2' },
  }),
);

type Place = readonly (string | number)[];

/** Every place in a value, the value itself left out. */
function placesOf(value: Json, at: Place = []): readonly Place[] {
  const members: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  return members.flatMap(([key, member]) => [[...at, key], ...placesOf(member, [...at, key])]);
}

function changedAt(value: Json, [key, ...rest]: Place, change: (before: Json | undefined) => Json | undefined): Json {
  if (Array.isArray(value)) {
    const index = Number(key);
    const next = rest.length > 0 ? changedAt(value[index] ?? null, rest, change) : change(value[index]);
    return next === undefined ? value.toSpliced(index, 1) : value.with(index, next);
  }
  if (!isJsonObject(value)) return value;
  const name = String(key);
  const next = rest.length > 0 ? changedAt(value[name] ?? null, rest, change) : change(value[name]);
  const { [name]: _, ...others } = value;
  return next === undefined ? others : { ...value, [name]: next };
}

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '/',
    '~',
    '~1',
    'a/b',
    '@{1}',
    "@body('x')",
    '[x]',
    '- y',
    'yes',
    '# z',
    'ä\n b',
    'runAfter',
    '__proto_',
  ),
);
const oddValue = fc.oneof(
  oddText,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(oddText, { maxLength: 3 }),
  fc.dictionary(oddText, oddText, { maxKeys: 3, noNullPrototype: true }),
);
const step = fc.record({
  kind: fc.constantFrom('set', 'remove', 'add', 'rename'),
  where: fc.nat(),
  name: oddText,
  value: oddValue,
});

function after(
  definition: JsonObject,
  { kind, where, name, value }: { kind: string; where: number; name: string; value: unknown },
): JsonObject {
  const all = placesOf(definition);
  const place = all[where % all.length] ?? [];
  if (kind === 'rename') {
    const actions = Object.keys((definition['actions'] ?? {}) as JsonObject);
    const chosen = actions[where % Math.max(1, actions.length)];
    return chosen === undefined || name === '' || name in ((definition['actions'] ?? {}) as JsonObject)
      ? definition
      : renameAction(definition, chosen, name);
  }
  if (kind === 'remove') return changedAt(definition, place, () => undefined) as JsonObject;
  if (kind === 'set') return changedAt(definition, place, () => value as Json) as JsonObject;
  return changedAt(definition, place, (before) =>
    isJsonObject(before ?? null) ? { ...(before as JsonObject), [name]: value as Json } : before,
  ) as JsonObject;
}

describe('edits', () => {
  it('lead from any definition to any other, also by way of a file', () => {
    const seed = propertySeed('designer edits', 20261127);
    fc.assert(
      fc.property(fc.nat(definitions.length - 1), fc.array(step, { minLength: 1, maxLength: 6 }), (index, steps) => {
        const before = definitions[index] ?? {};
        const saved = steps.reduce(after, before);
        const live = cleanDefinition(saved, saved['connections']);
        const edits = compareDefinitions(before, live);
        const applied = applyEdits(
          before,
          edits.map((edit) => ({ edit, where: {} })),
        ).definition;
        expect(canonicalText(cleanDefinition(applied, applied['connections']))).toBe(canonicalText(live));
        if (edits.some((edit) => secretIn(edit) !== undefined)) return;
        const read = readPatchFile(patchFileText(undefined, 'P', edits), 'p.yaml').map(({ edit }) => edit);
        expect(read).toEqual(edits);
      }),
      { seed, numRuns: 300 },
    );
  });
});
