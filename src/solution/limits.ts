/**
 * Limits of a template in Azure Resource Manager ("Template limits", Microsoft Learn: ARM templates, best practices). They hold
 * for a package, and for each template inside when it is deployed.
 */
const COUNTS: readonly (readonly [member: string, limit: number])[] = [
  ['parameters', 256],
  ['variables', 256],
  ['resources', 800],
  ['outputs', 64],
];
const BYTES = 4 * 1024 * 1024;

/** What a template has too much of, in words; `template` is plain JSON. */
export function overTheLimits(template: object, isMeasured = true): string[] {
  const counts = COUNTS.flatMap(([member, limit]) => {
    const value: unknown = (template as Readonly<Record<string, unknown>>)[member];
    const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
    return count > limit ? [`the template has ${count} ${member}, the limit is ${limit}`] : [];
  });
  if (!isMeasured) return counts;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  return bytes > BYTES ? [...counts, `the template has ${bytes} bytes, the limit is ${BYTES} (4 MB)`] : counts;
}
