import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { releases } from '../../src/generator/releases.ts';
import { notesOf, versionProblem } from '../../tools/release-notes.ts';

const changelog = '# Changelog\n\n## 2.1.0 - 2026-02-01\n\n- New.\n\n## 2.0.0 - 2026-01-01\n\n- Old.\n';

describe('a release', () => {
  it('has the notes of its version alone', () => {
    expect(notesOf(changelog, '2.1.0')).toBe('- New.\n');
    expect(notesOf(changelog, '2.0.0')).toBe('- Old.\n');
    expect(notesOf(changelog, '2.0')).toBeUndefined();
  });

  const versions = { tag: 'v2.1.0', version: '2.1.0', packageVersion: '2.1.0', changelog };

  it.each([
    [{ tag: 'v2.0.0' }, 'the tag must be v2.1.0, as in src/generator/releases.ts; got "v2.0.0"'],
    [{ packageVersion: '2.0.0' }, 'package.json must have version 2.1.0; got 2.0.0'],
    [{ changelog: '# Changelog\n' }, 'CHANGELOG.md must have a section "## 2.1.0 - <date>"'],
    [{}, undefined],
  ])('with %j: %s', (change, problem) => {
    expect(versionProblem({ ...versions, ...change })).toBe(problem);
  });

  it('could be made of this repository', () => {
    const [{ version }] = releases;
    const own = readFileSync(fileURLToPath(new URL('../../CHANGELOG.md', import.meta.url)), 'utf8');
    const packageVersion = manifest.version;
    expect(versionProblem({ tag: `v${version}`, version, packageVersion, changelog: own })).toBeUndefined();
  });
});
