import type { SolutionFile } from '../../src/solution/draft.ts';
import { mapOf, treeOf } from '../../src/solution/json-tree.ts';
import { packageSolution, type SolutionPackage } from '../../src/solution/packager.ts';
import { parseYaml } from '../../src/solution/yaml-parse.ts';

/** The package of a solution of some workbooks and rules, the way its data file lists them. */
export function packageOf(content: {
  readonly workbooks?: Readonly<Record<string, unknown>>;
  readonly rules?: Readonly<Record<string, string>>;
  readonly entries?: readonly Readonly<Record<string, unknown>>[];
  readonly data?: Readonly<Record<string, unknown>>;
}): SolutionPackage {
  const { workbooks = {}, rules = {}, entries = [], data = {} } = content;
  const files: SolutionFile[] = [
    ...Object.entries(workbooks).map(([path, workbook]) => ({ path, tree: treeOf(workbook) })),
    ...Object.entries(rules).map(([path, text]) => ({ path, tree: parseYaml(text, path) })),
  ];
  return packageSolution({
    dataFile: {
      path: 'Data/Solution_Small.json',
      tree: mapOf({
        Name: 'Small',
        Author: 'Contoso - help@contoso.com',
        Description: 'Small.',
        Workbooks: Object.keys(workbooks),
        'Analytic Rules': Object.keys(rules),
        Version: '3.0.0',
        ...data,
        Metadata: 'SolutionMetadata.json',
      }),
    },
    metadata: {
      path: 'SolutionMetadata.json',
      tree: mapOf({
        publisherId: 'contoso',
        offerId: 'small-sentinel',
        categories: { domains: ['DevOps'] },
        support: { name: 'Contoso', tier: 'Partner' },
      }),
    },
    files,
    workbookMetadata: { path: 'Workbooks/WorkbooksMetadata.json', tree: treeOf(entries) },
  });
}
