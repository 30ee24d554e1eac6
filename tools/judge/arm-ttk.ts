import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One test of the toolkit on one file. */
export interface ToolkitResult {
  readonly file: string;
  readonly test: string;
  readonly passed: boolean;
  readonly errors: readonly string[];
}

const script = fileURLToPath(new URL('./arm-ttk.ps1', import.meta.url));

/**
 * Runs the ARM template toolkit on each file; files in one folder see one another, as a template and its createUiDefinition must.
 * @param toolkit the folder with arm-ttk.psd1
 */
export function runToolkit(pwsh: string, toolkit: string, files: readonly string[]): ToolkitResult[] {
  const work = mkdtempSync(join(tmpdir(), 'judge-'));
  try {
    const list = join(work, 'files');
    writeFileSync(list, files.join('\n'));
    const lines = execFileSync(pwsh, ['-NoProfile', '-File', script, toolkit, list], {
      encoding: 'utf8',
      maxBuffer: 1e9,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return parseResults(lines);
  } finally {
    rmSync(work, { recursive: true });
  }
}

export function parseResults(lines: string): ToolkitResult[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as ToolkitResult);
}
