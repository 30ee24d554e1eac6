/** What CHANGELOG.md says of a version, without its heading; undefined where it has no such section. */
export function notesOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((each) => each.startsWith(`${version} - `));
  return section && `${section.slice(section.indexOf('\n')).trim()}\n`;
}

interface Versions {
  /** As git has it: `v3.1.0`. */
  readonly tag: string;
  /** Newest of src/generator/releases.ts. */
  readonly version: string;
  readonly packageVersion: string;
  readonly changelog: string;
}

/** Why this is not a release yet; undefined where all places name the same version. */
export function versionProblem({ tag, version, packageVersion, changelog }: Versions): string | undefined {
  if (tag !== `v${version}`) return `the tag must be v${version}, as in src/generator/releases.ts; got "${tag}"`;
  if (packageVersion !== version) return `package.json must have version ${version}; got ${packageVersion}`;
  if (notesOf(changelog, version) === undefined) return `CHANGELOG.md must have a section "## ${version} - <date>"`;
  return undefined;
}
