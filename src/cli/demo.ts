import { once } from 'node:events';
import { Command } from 'commander';
import { UserError } from '../domain/errors.ts';
import { stopSignal } from '../relay/hosts/node.ts';
import { createDemo } from '../simulator/demo/app.ts';
import { DemoSession } from '../simulator/demo/session.ts';
import { serveOn } from '../simulator/listen.ts';
import { shippedAssets } from './assets.ts';
import { readConfigText } from './config-file.ts';
import type { Io } from './io.ts';
import { hasErrorCode } from './system-errors.ts';

interface DemoOptions {
  readonly port: string;
  readonly config?: string;
}

const DEFAULT_PORT = 4280;

/** `demo`: the stub world as a web page, until it is asked to end. */
export function demoCommand(io: Io): Command {
  return new Command('demo')
    .description('watch incidents reach a phone, on a web page of this computer')
    .option('-p, --port <port>', 'where to listen, 0 for any free port', String(DEFAULT_PORT))
    .option('-c, --config <file>', 'a signl4.yaml to start with')
    .addHelpText('after', '\nNothing leaves this computer: Sentinel, SIGNL4 and Azure are simulated.')
    .action((options: DemoOptions) => demo(io, options));
}

/** What the config box shows where no file is given: what people want to change first, and what they may start from the phone. */
const STARTING_CONFIG = `filter:
  severities: [High, Medium, Low, Informational]
message:
  title: '{{incident.severity}}: {{incident.title}}'
company: Contoso
tag: SIGNL4
# What a note on the phone may start: #run isolate
respond:
  playbooks:
    isolate:
      playbook: /subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-response/providers/Microsoft.Logic/workflows/Isolate-Host
      on: host
    block-user:
      playbook: /subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-response/providers/Microsoft.Logic/workflows/Block-User
      on: account
      people: [joerg.mueller@contoso.com]
`;

async function demo(io: Io, { port, config }: DemoOptions): Promise<void> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new UserError('usage.port', `"${port}" is not a port`, { remedy: 'Write a number from 0 to 65535.' });
  const session = new DemoSession(config === undefined ? STARTING_CONFIG : readConfigText(io, config).text);
  const app = createDemo(session, shippedAssets.text, io.commandLine);
  const server = await listen(async (request) => app.fetch(request), number);
  session.start();
  io.print(`The demo is at http://127.0.0.1:${server.port}/`);
  io.note('Ctrl+C ends it.');
  await once(stopSignal(), 'abort');
  await server.close();
  await session.stop();
}

async function listen(handle: Parameters<typeof serveOn>[0], port: number): ReturnType<typeof serveOn> {
  try {
    return await serveOn(handle, port);
  } catch (cause) {
    if (!hasErrorCode(cause, 'EADDRINUSE')) throw cause;
    throw new UserError('demo.port-taken', `port ${port} is taken`, { remedy: 'Choose another one: --port 0', cause });
  }
}
