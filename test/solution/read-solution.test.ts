import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.ts';
import { readSolution } from '../../src/solution/read-solution.ts';

const contoso = fileURLToPath(new URL('./fixtures/Contoso', import.meta.url));

let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'solution-'));
  folder = join(home, 'Contoso');
  cpSync(contoso, folder, { recursive: true });
});

afterEach(() => rmSync(home, { recursive: true }));

async function failure(): Promise<UserError> {
  const error = await readSolution(folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error(`no UserError but ${error}`);
}

describe('reading a solution folder', () => {
  it('finds the files that the data file lists, whatever casing, slashes and prefix it has', async () => {
    const { source, warnings } = await readSolution(folder);
    expect(source.files.map(({ path }) => path)).toEqual([
      'Playbooks/ContosoFunctionApp/azuredeploy.json',
      'Playbooks/CustomConnector/ContosoCustomConnector/azuredeploy.json',
      'playbooks/Contoso-Block/incident-trigger/azuredeploy.json',
      'Playbooks/Contoso-Report/azuredeploy.json',
    ]);
    expect(warnings).toEqual([]);
  });

  it('finds a lower-case data folder and passes over the files that are not a data file', async () => {
    renameSync(join(folder, 'Data'), join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'system_generated_metadata.json'), '{}');
    expect((await readSolution(folder)).source.dataFile.path).toBe('data/Solution_Contoso.json');
  });

  it('warns where the folder is called otherwise than the solution', async () => {
    renameSync(folder, join(home, 'Fabrikam'));
    folder = join(home, 'Fabrikam');
    const { warnings } = await readSolution(folder);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain('"Name" is "Contoso" but the folder is called "Fabrikam"');
  });

  it('warns of a member that occurs twice', async () => {
    const path = 'Playbooks/Contoso-Report/azuredeploy.json';
    writeFileSync(join(folder, path), '{\n  "resources": [],\n  "resources": []\n}');
    const { warnings } = await readSolution(folder);
    expect(warnings).toEqual([
      { file: `${path}:3`, message: '"resources" is there twice in one object; the first one is lost' },
    ]);
  });

  it('refuses a folder that is not there', async () => {
    rmSync(folder, { recursive: true });
    expect((await failure()).code).toBe('solution.no-folder');
  });

  it('refuses a folder without Data', async () => {
    rmSync(join(folder, 'Data'), { recursive: true });
    expect((await failure()).code).toBe('solution.no-data-folder');
  });

  it('refuses two data files and names them', async () => {
    writeFileSync(join(folder, 'Data', 'Solution_Other.json'), '{}');
    const error = await failure();
    expect(error.message).toBe('Data holds 2 data files');
    expect(error.remedy).toBe('Leave one of them: Solution_Contoso.json, Solution_Other.json.');
  });

  it('refuses a playbook that is not there', async () => {
    rmSync(join(folder, 'Playbooks', 'Contoso-Report'), { recursive: true });
    const error = await failure();
    expect(error.code).toBe('solution.missing-file');
    expect(error.where).toEqual({ file: 'Playbooks/Contoso-Report/azuredeploy.json' });
  });

  it('refuses metadata that is not there', async () => {
    rmSync(join(folder, 'SolutionMetadata.json'));
    expect((await failure()).where).toEqual({ file: 'SolutionMetadata.json' });
  });

  it('says in which line a file is broken', async () => {
    const path = join(folder, 'Playbooks', 'Contoso-Report', 'azuredeploy.json');
    writeFileSync(path, '{\n  "resources": [\n}');
    const error = await failure();
    expect(error.where).toEqual({ file: path, line: 3, column: 1 });
  });
});
