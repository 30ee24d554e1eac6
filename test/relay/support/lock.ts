import { spawn } from 'node:child_process';
import { once } from 'node:events';

const holder = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1]);
  database.exec('BEGIN IMMEDIATE');
  console.log('held');
  process.stdin.once('data', () => { database.exec('ROLLBACK'); process.exit(); });
`;

/** Another process that holds the write lock of a SQLite file, as a backup or a VACUUM does; gives what lets it go. */
export async function holdLock(file: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', holder, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  await once(child.stdout, 'data');
  return async () => {
    const ended = once(child, 'exit');
    child.stdin.write('go\n');
    await ended;
    process.off('exit', killWithUs);
  };
}
