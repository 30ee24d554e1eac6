import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { JsonObject } from '../../src/domain/json.ts';
import { markExisting, prepare } from './prepare.ts';

/** What the compiler says of a line. */
export interface Diagnostic {
  readonly level: 'Error' | 'Warning' | 'Info';
  readonly code: string;
  readonly message: string;
  readonly line: number;
}

/**
 * The executable: `BICEP_CLI`, what `dotnet restore tools/bicep` fetched, or `bicep` on the path; undefined where there is none.
 */
export function findBicep(root: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const fetched = join(root, 'tools/bicep/packages/azure.bicep.commandline.linux-x64');
  const versions = existsSync(fetched) ? readdirSync(fetched).sort().reverse() : [];
  const candidates = [
    ...(env['BICEP_CLI'] ? [env['BICEP_CLI']] : []),
    ...versions.map((version) => join(fetched, version, 'tools/bicep')),
    ...(env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'bicep')),
  ];
  return candidates.find((path) => existsSync(path));
}

/** Decompiles a template, builds the result again with the linter, and gives what the compiler says. */
export async function compile(bicep: string, template: JsonObject, folder: string): Promise<Diagnostic[]> {
  await mkdir(folder, { recursive: true });
  const json = join(folder, 'main.json');
  const source = join(folder, 'main.bicep');
  await writeFile(json, JSON.stringify(prepare(template), null, 2));
  const decompiled = await run(bicep, ['decompile', '--force', json]);
  // The decompiler reports what it wrote; what counts is what the compiler says of it afterwards.
  if (!existsSync(source)) return [{ level: 'Error', code: 'decompile', message: decompiled.trim(), line: 1 }];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.bicep'))) {
    const path = join(folder, file);
    await writeFile(path, markExisting(await readFile(path, 'utf8')));
  }
  return parseDiagnostics(await run(bicep, ['build', source, '--outfile', join(folder, 'built.json')]));
}

/** Builds a module of ours with those that belong to it (path to text, the module last), and gives what the compiler says. */
export async function compileModule(
  bicep: string,
  files: ReadonlyMap<string, string>,
  folder: string,
): Promise<Diagnostic[]> {
  let last = '';
  for (const [path, text] of files) {
    last = join(folder, path);
    await mkdir(dirname(last), { recursive: true });
    await writeFile(last, text);
  }
  return parseDiagnostics(await run(bicep, ['build', last, '--outfile', join(folder, 'built.json')]));
}

const DIAGNOSTIC = /^.*\((\d+),\d+\) : (Error|Warning|Info) ([\w-]+): (.*)$/;

export function parseDiagnostics(output: string): Diagnostic[] {
  return output.split('\n').flatMap((text) => {
    const [, line, level, code, message] = DIAGNOSTIC.exec(text) ?? [];
    return line && level && code && message !== undefined
      ? [
          {
            level: level as Diagnostic['level'],
            code,
            message: message.replace(/ \[https?:.*\]$/, ''),
            line: Number(line),
          },
        ]
      : [];
  });
}

/** Everything that a command writes, whether it succeeds or not: diagnostics come either way. */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(`${stdout}\n${stderr}`);
    });
  });
}
