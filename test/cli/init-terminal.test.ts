import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** `script` of util-linux gives a command a terminal of its own. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signl4-terminal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Types each text when the terminal shows what precedes it, and waits for the end. */
async function converse(args: string, typed: readonly (readonly [shown: string, text: string])[]) {
  const env = { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm' };
  const command = `'${process.execPath}' '${main}' ${args}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env, stdio: 'pipe' });
  const open = [...typed];
  let output = '';
  let seen = 0;
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    const [next] = open;
    if (!next || !output.slice(seen).includes(next[0])) return;
    seen = output.length;
    open.shift();
    child.stdin.write(next[1]);
  });
  const [code] = await once(child, 'exit');
  return { output, code };
}

describe.runIf(hasTerminal)('init on a real terminal', () => {
  it.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('%s at a question writes nothing, exits with 130 and gives the answers back', async (_, key) => {
    writeFileSync(join(folder, 'signl4.yaml'), 'company: MY OWN WORK\n');
    const { output, code } = await converse('init --force', [
      ['(Enter: none) ', 'Contoso\r'],
      ['deployment) ', key],
    ]);
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual(['signl4.yaml']);
    expect(readFileSync(join(folder, 'signl4.yaml'), 'utf8')).toBe('company: MY OWN WORK\n');
    expect(output).toMatch(/Nothing was written\.[\s\S]*company: Contoso/);
    expect(output).not.toMatch(/Next|goes on there/);
  });

  it('writes the file when the last question is answered', async () => {
    const { output, code } = await converse('init', [
      ['1 of 7', 'Contoso\r'],
      ['2 of 7', '\r'],
      ['3 of 5', 'ALL\r'],
      ['4 of 5', '\r'],
      ['5 of 5', '\r'],
    ]);
    expect([code, output.includes('Next')]).toEqual([0, true]);
    expect(readFileSync(join(folder, 'signl4.yaml'), 'utf8')).toContain('\ncompany: Contoso\n');
  });
});
