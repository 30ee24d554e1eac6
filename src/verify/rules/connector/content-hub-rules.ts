import type { Definition } from '../../../connector/swagger.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { below, operationsOf, valuesOf } from './walk.ts';

/** Hosts that differ between Azure clouds; ARM-TTK refuses them as literals. */
const cloudHosts =
  /management\.azure\.com|core\.windows\.net|login\.microsoftonline\.com|graph\.windows\.net|vault\.azure\.net|api\.loganalytics\.io/i;

/** The packaging tool creates two variables for each operation id and some others, and a template may have 256 variables. */
const MOST_OPERATIONS = 120;

/** What Content Hub's packaging tool and its checks do to a definition. */
export const contentHubRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'content-hub.operation-id',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Let the name end otherwise: the packaging tool makes a variable of it, and one that ends in "Id" fails ARM-TTK.',
    check: (definition) =>
      operationsOf(definition)
        .filter(({ value }) => /id$/i.test(value.operationId ?? ''))
        .map(({ pointer, value }) => ({
          pointer: below(pointer, 'operationId'),
          message: `"${value.operationId}" ends in Id`,
        })),
  },
  {
    id: 'content-hub.operation-count',
    level: 'warning',
    source: sources.azureSentinel,
    help: `Keep to ${MOST_OPERATIONS} operations: the packaging tool makes variables of their ids, and a template holds 256.`,
    check: (definition) => {
      const count = operationsOf(definition).length;
      return count <= MOST_OPERATIONS ? [] : [{ pointer: '/paths', message: `there are ${count} operations` }];
    },
  },
  {
    id: 'content-hub.brackets',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Start the text with another character: a template takes a leading bracket for an expression, the packaging tool doubles it.',
    check: (definition) =>
      valuesOf(definition)
        .filter(({ value }) => typeof value === 'string' && value.startsWith('['))
        .map(({ pointer, value }) => ({ pointer, message: `"${value}" starts with a bracket` })),
  },
  {
    id: 'content-hub.no-empty-values',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Remove the member, or give it a value: the packaging tool deletes or rewrites {}, [], "" and null.',
    check: (definition) =>
      valuesOf(definition)
        .filter(({ pointer, value }) => isEmpty(value) && !isScopeList(pointer))
        .map(({ pointer, value }) => ({ pointer, message: `the value is ${JSON.stringify(value)}` })),
  },
  {
    id: 'content-hub.string-ids',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Rename the member: ARM-TTK wants an expression in every text whose name ends in "id".',
    check: (definition) =>
      valuesOf(definition)
        .filter(
          ({ pointer, value }) =>
            typeof value === 'string' && /id$/i.test(pointer) && !pointer.endsWith('/operationId'),
        )
        .map(({ pointer, value }) => ({ pointer, message: `"${value}" is a literal id` })),
  },
  {
    id: 'content-hub.cloud-hosts',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Leave the host out: it is another one in the sovereign clouds.',
    check: (definition) =>
      valuesOf(definition)
        .filter(({ value }) => typeof value === 'string' && cloudHosts.test(value))
        .map(({ pointer, value }) => ({ pointer, message: `"${value}" names a host of one cloud` })),
  },
  {
    id: 'content-hub.branding',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Write "Microsoft Sentinel".',
    check: (definition) =>
      valuesOf(definition)
        .filter(({ pointer, value }) => pointer.endsWith('/description') && typeof value === 'string')
        .filter(({ value }) => /(?<!Microsoft )\bSentinel\b/.test(value as string))
        .map(({ pointer }) => ({ pointer, message: 'names Sentinel without Microsoft' })),
  },
];

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** An API key has no scopes, but OpenAPI requires the empty list; the packaging tool restores it. */
function isScopeList(pointer: string): boolean {
  return /^(\/paths\/[^/]+\/[^/]+)?\/security\/\d+\/[^/]+$/.test(pointer);
}
