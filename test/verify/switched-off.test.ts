import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.ts';
import { readSwitchedOff } from '../../src/verify/read-switched-off.ts';
import { allRules, verifyFiles } from '../../src/verify/verify-files.ts';
import { all, remove, replace } from './cases/case.ts';
import { contoso, paths } from './contoso/files.ts';

const known = allRules.map(({ id }) => id);
const read = (text: string) => readSwitchedOff(text, '.signl4-verify.yaml', known);

function findingsOf(off: string, change = remove(paths.playbook, '/resources/2/tags')) {
  const files = contoso();
  files.delete(paths.manifest);
  change(files);
  const { findings } = verifyFiles(files, '', { off: read(off) });
  return findings.filter(({ rule }) => rule === 'playbook.tags');
}

describe('rules that are switched off', () => {
  it('by id say nothing anywhere', () => {
    expect(findingsOf('off: []')).not.toEqual([]);
    expect(findingsOf('off: [playbook.tags]')).toEqual([]);
    expect(findingsOf('off: ["playbook.*"]')).toEqual([]);
  });

  it('for some files say nothing in these', () => {
    expect(findingsOf('off:\n  - rule: playbook.tags\n    files: Solutions/**')).toEqual([]);
    expect(findingsOf('off:\n  - rule: playbook.tags\n    files: [playbooks/**]')).not.toEqual([]);
    expect(findingsOf('off:\n  - rule: playbook.tags\n    files: [./Solutions/**]')).toEqual([]);
    expect(findingsOf('off:\n  - rule: playbook.tags\n    files: [Solutions\\**]')).toEqual([]);
  });

  it('in a file say nothing of that file', () => {
    const change = all(
      remove(paths.playbook, '/resources/2/tags'),
      replace(
        paths.playbook,
        '"metadata": {',
        '"metadata": { "comments": "verify-off: playbook.gallery-texts, playbook.tags",',
      ),
    );
    expect(findingsOf('', change)).toEqual([]);
  });

  it.each([
    ['off: {}', '"off" must be a list'],
    ['off: [playbook.tag]', 'there is no rule "playbook.tag"'],
    ['off: [{files: a}]', 'an entry of "off" must be a rule'],
    ['off: [', 'Flow sequence'],
    ['of: [playbook.tags]', 'there is no key "of"'],
    ['off: [{rule: playbook.tags, file: [a]}]', 'there is no key "file" in an entry of "off"'],
    ['off: [{rule: playbook.tags, files: []}]', '"files" of "playbook.tags" names no file'],
  ])('are read from %s with a reason where it is wrong', (text, message) => {
    expect(() => read(text)).toThrow(UserError);
    expect(() => read(text)).toThrow(message);
  });
});

describe('many findings of one rule in one file', () => {
  const files = contoso();
  files.delete(paths.manifest);
  replace(paths.guide, '# Contoso', `${'[gone](./gone.md)\n\n'.repeat(9)}# Contoso`)(files);
  const broken = (every: boolean) =>
    verifyFiles(files, '', { every }).findings.filter(({ rule }) => rule === 'readme.broken-link');

  it('are folded into the first ones and a count', () => {
    expect(broken(false)).toHaveLength(3);
    expect(broken(false).at(-1)?.message).toMatch(/the same in 6 more places of this file$/);
  });

  it('are listed one by one where every finding is asked for', () => {
    expect(broken(true)).toHaveLength(9);
  });
});
