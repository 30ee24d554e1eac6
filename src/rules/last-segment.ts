/** A GUID, or the GUID at the end of an ARM id, in lower case: `…/alertRules/A1D7…` gives `a1d7…`. */
export function lastSegment(id: string): string {
  return (id.split('/').at(-1) ?? id).toLowerCase();
}
