import { readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import type { Io } from './io.ts';

/** How this process was started. */
interface Start {
  readonly env: Io['env'];
  readonly cwd: string;
  /** The script that Node was given, absolute: `process.argv[1]`. */
  readonly script: string;
}

/**
 * What has to be typed to start this tool the same way once more: `SIGNL4_COMMAND_LINE` where it is set (for wrappers), else as
 * npm, npx, the path and the script tell.
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

/** npx run without an installation keeps packages in a folder of its cache, which notes what it was asked for. */
function packageOption(parts: readonly string[]): string {
  const folder = parts.slice(0, parts.indexOf('_npx') + 2).join('/');
  try {
    const { _npx } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { _npx?: { packages?: string[] } };
    return (_npx?.packages ?? []).map((spec) => `--package ${spec} `).join('');
  } catch {
    return '';
  }
}

/** Installed for the whole machine: the shell finds it. What npm puts on the path for its own scripts does not count. */
function isOnPath(script: string, env: Io['env']): boolean {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const isBin = basename(script) === 'signl4-sentinel' && basename(dirname(dirname(script))) !== 'node_modules';
  // On Windows the shell finds a file beside the folder of all packages.
  const home = resolve(script, '../../../../..');
  const isShim = script === join(home, 'node_modules/signl4-sentinel/lib/bin', basename(script));
  return (isBin && folders.includes(dirname(script))) || (isShim && folders.includes(home));
}
