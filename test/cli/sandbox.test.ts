import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { capturedIo } from '../support/captured-io.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

describe('sandbox', () => {
  it('prints what a shell needs, serves until it is interrupted, and reports its state', async () => {
    const child = spawn(process.execPath, [main, 'sandbox', '--port', '0', '--json', '--lag', 'role=90s'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    const printed = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk;
        if (text.endsWith('}\n')) resolve(text);
      });
    });
    const { url, workspace, env } = JSON.parse(printed) as {
      url: string;
      workspace: { name: string };
      env: Record<string, string>;
    };
    expect(env['SIGNL4_RESOURCE_MANAGER_URL']).toBe(url);
    expect(await (await fetch(`${url}/sandbox/signl4.yaml`)).text()).toContain(workspace.name);
    const lags = await fetch(`${url}/sandbox/lags`, { method: 'PUT', body: '{}' });
    expect(await lags.json()).toMatchObject({ role: 90_000, secret: 0 });
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
  });

  it.each([
    [['--lag', 'roles=1s'], 'there is no lag "roles"'],
    [['--lag', 'role'], '"role" must be written as what=value'],
    [['--trouble', 'rain=yes'], 'there is no trouble "rain"'],
    [['--port', 'high'], '"high" is not a port'],
  ])('refuses %j', async (args, text) => {
    const io = capturedIo('/nowhere');
    await runCli(['sandbox', '--port', '0', ...args], io);
    expect(io.noted.join('\n')).toContain(text);
    expect(io.exitCode()).toBe(2);
  });
});
