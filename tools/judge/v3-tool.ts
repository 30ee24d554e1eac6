import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workbookMetadataOf } from '../../src/solution/read-solution.ts';
import { WORKBOOK_METADATA } from '../../src/solution/workbook-metadata.ts';
import { type Comparison, comparePackage } from '../compare-package.ts';

const script = fileURLToPath(new URL('./v3-tool.ps1', import.meta.url));
const TOOL = 'Tools/Create-Azure-Sentinel-Solution';

/** Packages a solution with Microsoft's tool, in a copy, and compares what it wrote with what ours writes. */
export async function compareWithTool(pwsh: string, sentinel: string, solution: string): Promise<Comparison> {
  const work = mkdtempSync(join(tmpdir(), 'judge-'));
  try {
    const folder = join(work, 'Solutions', basename(solution));
    cpSync(join(sentinel, TOOL), join(work, TOOL), { recursive: true });
    cpSync(join(sentinel, '.script/package-automation'), join(work, '.script/package-automation'), { recursive: true });
    const metadata = await workbookMetadataOf(solution);
    if (metadata !== undefined) cpSync(metadata, join(work, WORKBOOK_METADATA));
    cpSync(solution, folder, { recursive: true, filter: (path) => basename(path) !== 'Package' });
    // The tool would run the toolkit on the package, which is judged by itself.
    writeFileSync(join(work, TOOL, 'arm-ttk/run-arm-ttk-in-automation.ps1'), '');
    execFileSync('git', ['init', '-q', work]);
    execFileSync(
      pwsh,
      ['-NoProfile', '-File', script, join(work, TOOL, 'V3/createSolutionV3.ps1'), join(folder, 'Data')],
      {
        cwd: work,
        stdio: 'ignore',
        // The tool starts `node` by its name.
        env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
      },
    );
    return await comparePackage(folder);
  } finally {
    rmSync(work, { recursive: true });
  }
}
