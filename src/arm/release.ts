/** A version of the product. Templates carry its date, so that equal versions give equal bytes. */
export interface Release {
  /** X.Y.Z */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly notes: readonly string[];
}

/** `metadata.releaseNotes` of a gallery template. */
export function releaseNotes(title: string, release: Release) {
  return [{ version: release.version, title, notes: release.notes }] as const;
}
