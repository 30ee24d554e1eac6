import { WdlError } from '../errors.ts';
import { collectionFunctions } from './collection.ts';
import { conversionFunctions } from './conversion.ts';
import { dateTimeFunctions } from './date-time.ts';
import { jsonXmlFunctions } from './json-xml.ts';
import { logicalFunctions } from './logical.ts';
import { mathFunctions } from './math.ts';
import type { FunctionDefinition } from './signature.ts';
import { stringFunctions } from './string.ts';
import { uriFunctions } from './uri.ts';
import { workflowFunctions } from './workflow.ts';

/** Every function of the language, in the groups of the function reference. */
export const functionGroups = {
  string: stringFunctions,
  collection: collectionFunctions,
  logical: logicalFunctions,
  conversion: conversionFunctions,
  math: mathFunctions,
  'date and time': dateTimeFunctions,
  workflow: workflowFunctions,
  uri: uriFunctions,
  'json and xml': jsonXmlFunctions,
} as const satisfies Readonly<Record<string, readonly FunctionDefinition[]>>;

const byName = new Map(
  Object.values(functionGroups)
    .flat()
    .map((definition) => [definition.name.toLowerCase(), definition]),
);

/** A function by its name, whatever its case. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name.toLowerCase());
}

/** A function by its name; throws `wdl.unknown-function`, with the nearest name as remedy. */
export function functionNamed(name: string): FunctionDefinition {
  const definition = findFunction(name);
  if (definition !== undefined) return definition;
  const nearest = nearestName(name);
  throw new WdlError('wdl.unknown-function', `The template function '${name}' is not defined or not valid.`, {
    function: name,
    ...(nearest === undefined ? {} : { remedy: `Did you mean '${nearest}'?` }),
  });
}

function nearestName(name: string): string | undefined {
  if (name.length > 40) return undefined;
  let nearest: { name: string; distance: number } | undefined;
  for (const [lower, definition] of byName) {
    const distance = editDistance(name.toLowerCase(), lower);
    if (distance < (nearest?.distance ?? Math.ceil(name.length / 3) + 1)) nearest = { name: definition.name, distance };
  }
  return nearest?.name;
}

/** Letters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
