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
  /** What a template has too much of, in words. */
  readonly message: string;
  /** False where only what is behind refuses it. */
  readonly isRefused: boolean;
}

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
  if (!isMeasured) return counts;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  return bytes > BYTES ? [...counts, over(`${bytes} bytes, the limit is ${BYTES} (4 MB)`)] : counts;
}

function over(what: string): OverLimit {
  return { message: `the template has ${what}`, isRefused: true };
}
