import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const text = read('docs/security.md');
const rows = text
  .split('\n')
  .filter((line) => /^\| [a-z] \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
const tests = [
  ...readdirSync(fileURLToPath(new URL('../respond/', import.meta.url)))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/respond/${name}`),
  'test/relay/respond.test.ts',
].map(read);

describe('the threats to the whole product', () => {
  const threats = text.split('\n').filter((line) => /^\| \d+ \|/.test(line));

  it('are numbered', () => {
    expect(threats.map((row) => Number(row.split('|')[1]))).toEqual(threats.map((_, index) => index + 1));
    expect(threats.length).toBeGreaterThan(10);
  });

  it.each(threats.map((row) => [row.split(' | ')[1], row]))('name tests that exist: %s', (_, row = '') => {
    const named = [...row.matchAll(/`(test\/[\w/.-]+)`: `([^`]+)`/g)].map(([, file = '', name = '']) => ({
      file,
      name,
    }));
    expect(named.length).toBeGreaterThan(0);
    expect(
      named.filter(({ file, name }) => ![`'${name}`, `\`${name}`].some((begun) => read(file).includes(begun))),
    ).toEqual([]);
  });
});

describe('the threats to responses', () => {
  it('has a row for each letter', () => {
    expect(rows.map(([letter]) => letter).join('')).toBe('abcdefghijklmnopqr');
  });

  it.each(rows)('names tests that exist: %s', (letter, _threat, _answer, _where, named = '') => {
    const names = [...named.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !tests.some((source) => source.includes(`'${name}`)))).toEqual([]);
    expect(names[0]?.startsWith(`${letter}: `)).toBe(true);
  });

  it('names actions of the playbook and files of the relay that exist', () => {
    const folder = 'playbooks/SIGNL4-Respond';
    const sources = readdirSync(fileURLToPath(new URL(`../../${folder}/`, import.meta.url)));
    const playbook = sources.map((name) => (name.endsWith('.ts') ? read(`${folder}/${name}`) : '')).join('\n');
    const places = rows.map(([, , , where = '']) => where);
    const actions = places.flatMap((where) => [...where.matchAll(/_([^_]+)_/g)].map(([, name = '']) => name));
    expect(actions.filter((name) => !playbook.includes(`'${name}'`))).toEqual([]);
    const files = places.flatMap((where) => [...where.matchAll(/`([\w-]+\.ts)`/g)].map(([, name = '']) => name));
    const folders = ['src/relay/respond', 'src/relay/callback', 'src/rules'];
    const isThere = (name: string) =>
      folders.some((folder) => existsSync(fileURLToPath(new URL(`../../${folder}/${name}`, import.meta.url))));
    expect(files.filter((name) => !isThere(name))).toEqual([]);
  });
});
