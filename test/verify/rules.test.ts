import { describe, expect, it } from 'vitest';
import { ruleGroups } from '../../src/verify/groups.ts';
import { connectorGroups as connectorRules } from '../../src/verify/rules/connector/connector.ts';
import { readTree } from '../../src/verify/tree.ts';
import { allRules, verifyFiles } from '../../src/verify/verify-files.ts';
import { armCases } from './cases/arm.ts';
import type { Change } from './cases/case.ts';
import { fileCases } from './cases/files.ts';
import { observingCases } from './cases/observing.ts';
import { packageCases } from './cases/package.ts';
import { automationCases, playbookCases } from './cases/playbook.ts';
import { solutionCases } from './cases/solution.ts';
import { workflowCases } from './cases/workflow.ts';
import { contoso } from './contoso/files.ts';

const tables = {
  files: fileCases,
  'ARM templates': armCases,
  packages: packageCases,
  'solution folders': solutionCases,
  'workbooks and analytics rules': observingCases,
  playbooks: playbookCases,
  'automation rules': automationCases,
  workflows: workflowCases,
};

function placesOf(rule: string, change: Change): string[] {
  const files = contoso();
  change(files);
  const tree = readTree(files, '');
  return allRules
    .flatMap((one) => (one.id === rule ? one.check(tree) : []))
    .map(({ file, pointer }) => `${file} ${pointer}`);
}

describe('a folder in which all is well', () => {
  it('has no finding', () => {
    expect(verifyFiles(contoso()).findings).toEqual([]);
  });
});

for (const [title, cases] of Object.entries(tables)) {
  describe(`rules about ${title}`, () => {
    for (const { rule, finds, bad, file, at, passes } of cases) {
      it(`${rule} finds ${finds}`, () => {
        expect(placesOf(rule, bad)).toContain(`${file} ${at}`);
      });
      if (passes) {
        it(`${rule} lets pass what only looks like ${finds}`, () => {
          expect(placesOf(rule, passes)).toEqual([]);
        });
      }
    }
  });
}

describe('the rules', () => {
  it('have one id each', () => {
    const ids = Object.values(ruleGroups)
      .flat()
      .map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) < index)).toEqual([]);
  });

  it('are all tested', () => {
    const tested = new Set(Object.values(tables).flatMap((cases) => cases.map(({ rule }) => rule)));
    // The rules of connectors have tests of their own, in test/verify/connector.
    const connector = new Set(connectorRules.map(({ id }) => id));
    expect(allRules.map(({ id }) => id).filter((id) => !tested.has(id) && !connector.has(id))).toEqual([]);
  });

  it('say where they are written and what to do', () => {
    expect(allRules.filter(({ source, help }) => source === '' || !help.endsWith('.')).map(({ id }) => id)).toEqual([]);
  });
});
