import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Azurite's tables and queues on free ports of this machine, in memory. */
export interface Azurite {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** The account and key that Azurite documents for everybody: no secret. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export async function startAzurite(): Promise<Azurite> {
  const [table, queue] = await Promise.all([start('table'), start('queue')]);
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${ACCOUNT}`,
      `AccountKey=${KEY}`,
      `TableEndpoint=http://127.0.0.1:${table.port}/${ACCOUNT}`,
      `QueueEndpoint=http://127.0.0.1:${queue.port}/${ACCOUNT}`,
    ].join(';'),
    async stop() {
      await Promise.all([table, queue].map(({ child }) => stop(child)));
    },
  };
}

const mains = {
  table: import.meta.resolve('azurite/dist/src/table/main.js'),
  queue: import.meta.resolve('azurite/dist/src/queue/main.js'),
};

async function start(service: 'table' | 'queue'): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const main = fileURLToPath(mains[service]);
  const options = ['--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  const child = spawn(process.execPath, [main, ...options, `--${service}Port`, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      if (/successfully (started|listens)/.test(text.toString())) resolve();
    });
    child.once('exit', (code) => reject(new Error(`azurite-${service} ended with ${code}`)));
  });
  return { child, port };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Azurite takes no port 0, so one is asked of the system first. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
