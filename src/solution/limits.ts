import { memberAt, textOf } from '../domain/json.ts';

/**
 * Limits of a template in Azure Resource Manager ("Template limits", Microsoft Learn: ARM templates, best practices). They hold
 * for a package, and for each template inside when it is deployed. The limit of variables was 256 and is 512 since 2024
 * (Azure/bicep issue 15457); what is behind, such as older versions of Bicep, still stops at 256.
 */
const COUNTS: readonly { readonly member: string; readonly limit: number; readonly before?: number }[] = [
  { member: 'parameters', limit: 256 },
  { member: 'variables', limit: 512, before: 256 },
  { member: 'resources', limit: 800 },
  { member: 'outputs', limit: 64 },
];
const BYTES = 4 * 1024 * 1024;

export interface OverLimit {
  /** Description of what exceeds a limit. */
  readonly message: string;
  /** False if Azure accepts it and only other tools, such as older versions of Bicep, refuse it. */
  readonly isRefused: boolean;
}

/** Rounds of a copy loop, characters of an expression, and bytes of one resource. */
const ROUNDS = 800;
const EXPRESSION = 24_576;
const RESOURCE_BYTES = 1024 * 1024;

/** Where a template, as plain JSON, is over the limits; its size is left out unless `isMeasured`. */
export function overTheLimits(template: object, isMeasured = true): OverLimit[] {
  const counts = COUNTS.flatMap(({ member, limit, before = limit }): OverLimit[] => {
    const value: unknown = (template as Readonly<Record<string, unknown>>)[member];
    const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
    if (count > limit) return [over(`${count} ${member}, the limit is ${limit}`)];
    if (count > before)
      return [{ ...over(`${count} ${member}, the limit was ${before} before 2024`), isRefused: false }];
    return [];
  });
  const all = [...counts, ...resourceLimits(template)];
  if (!isMeasured) return all;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  if (bytes <= BYTES) return all;
  const largest = largestMember(resourcesOf(template));
  const advice = largest ? `; its largest resource is ${largest.name} with ${largest.bytes}` : '';
  return [...all, over(`${bytes} bytes, the limit is ${BYTES} (4 MB)${advice}`)];
}

function resourceLimits(template: object): OverLimit[] {
  const resources = resourcesOf(template);
  const list = Object.values(resources);
  const rounds = list.map((one: unknown) => Number(memberAt(one, 'copy', 'count')));
  const longest = longestExpression(template);
  const largest = largestMember(resources);
  return [
    ...rounds.filter((count) => count > ROUNDS).map((count) => over(`a copy loop of ${count}, the limit is ${ROUNDS}`)),
    ...(longest > EXPRESSION ? [over(`an expression of ${longest} characters, the limit is ${EXPRESSION}`)] : []),
    ...(largest && largest.bytes > RESOURCE_BYTES
      ? [over(`a resource of ${largest.bytes} bytes (${largest.name}), the limit is ${RESOURCE_BYTES} (1 MB)`)]
      : []),
  ];
}

/** Resources by their place in the template, `resources[3] (Microsoft.Logic/workflows)`, or by their symbolic name. */
function resourcesOf(template: object): Readonly<Record<string, unknown>> {
  const { resources } = template as { resources?: unknown };
  if (typeof resources !== 'object' || resources === null) return {};
  if (!Array.isArray(resources)) return resources as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    resources.map((one, index) => [`resources[${index}] (${textOf(memberAt(one, 'type')) ?? 'no type'})`, one]),
  );
}

/** What to make smaller first; undefined where there is nothing. */
export function largestMember(
  members: Readonly<Record<string, unknown>>,
): { readonly name: string; readonly bytes: number } | undefined {
  const sizes = Object.entries(members).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(JSON.stringify(value) ?? ''),
  }));
  return sizes.sort((a, b) => b.bytes - a.bytes)[0];
}

/** Of the texts that begin with a bracket; those of templates inside begin with two. */
function longestExpression(value: unknown): number {
  if (typeof value === 'string') return /^\[(?!\[).*\]$/s.test(value) ? value.length : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((most: number, one) => Math.max(most, longestExpression(one)), 0);
}

function over(what: string): OverLimit {
  return { message: `the template has ${what}`, isRefused: true };
}
