import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { defaultWorkspace } from '../../src/simulator/world.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

it.runIf(process.platform !== 'win32')(
  'Ctrl-C in the middle of a command writes nothing and exits with 130',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signl4-interrupt-'));
    writeFileSync(join(folder, 'signl4.yaml'), `workspace: ${JSON.stringify(defaultWorkspace)}\n`);
    const asked = Promise.withResolvers<void>();
    const server = createServer(() => asked.resolve()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...process.env, SIGNL4_AUTHORITY_URL: address, SIGNL4_RESOURCE_MANAGER_URL: address };
    const child = spawn(process.execPath, [main, 'pull'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    await asked.promise;
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(readdirSync(folder)).toEqual(['signl4.yaml']);
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  },
);
