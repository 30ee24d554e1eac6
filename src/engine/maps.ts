/** What the name of a map is found by: the service ignores its case, and `.liquid` may be left out. */
export function mapKey(name: string): string {
  return name.toLowerCase().replace(/\.liquid$/, '');
}
