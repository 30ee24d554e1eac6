/** The name at the end of an ARM id, in lower case: `…/alertRules/A1D7…` gives `a1d7…`, and so does the GUID alone. */
export function lastSegment(id: string): string {
  return (id.split('/').at(-1) ?? id).toLowerCase();
}
