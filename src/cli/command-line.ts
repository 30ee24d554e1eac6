import { readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import type { Io } from './io.ts';

/** How this process was started. */
interface Start {
  readonly env: Io['env'];
  readonly cwd: string;
  /** Absolute path of the script that Node runs: `process.argv[1]`. */
  readonly script: string;
}

/**
 * What a person has to type to start this tool the same way again: `SIGNL4_COMMAND_LINE` if set (for wrappers), otherwise worked
 * out from npm, npx and the path of the script.
 */
export function commandLineOf({ env, cwd, script }: Start): string {
  if (env['SIGNL4_COMMAND_LINE']) return env['SIGNL4_COMMAND_LINE'];
  if (env['npm_lifecycle_event'] === 'cli' && env['npm_package_name'] === 'signl4-sentinel') return 'npm run -s cli --';
  const parts = script.split(/[/\\]/);
  if (parts.includes('_npx')) return `npx ${packageOption(parts)}signl4-sentinel`;
  if (isOnPath(script, env)) return 'signl4-sentinel';
  if (parts.includes('node_modules') || env['npm_command'] === 'exec') return 'npx signl4-sentinel';
  const shown = relative(cwd, script).split(sep).join('/');
  return `node ${shown.includes(' ') ? `'${shown}'` : shown}`;
}

/** `npx` without an installation runs packages from a folder in its cache; that folder records the package that was asked for. */
function packageOption(parts: readonly string[]): string {
  const folder = parts.slice(0, parts.indexOf('_npx') + 2).join('/');
  try {
    const { _npx } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { _npx?: { packages?: string[] } };
    return (_npx?.packages ?? []).map((spec) => `--package ${spec} `).join('');
  } catch {
    return '';
  }
}

/**
 * Whether the tool is installed for the whole machine, so that the shell finds it. Folders that npm adds to PATH for its own
 * scripts do not count.
 */
function isOnPath(script: string, env: Io['env']): boolean {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const isBin = basename(script) === 'signl4-sentinel' && basename(dirname(dirname(script))) !== 'node_modules';
  // On Windows, npm puts the launcher beside the global package folder.
  const home = resolve(script, '../../../../..');
  const isShim = script === join(home, 'node_modules/signl4-sentinel/lib/bin', basename(script));
  return (isBin && folders.includes(dirname(script))) || (isShim && folders.includes(home));
}
