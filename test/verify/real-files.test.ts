import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/verify/report.ts';
import { verifyFiles } from '../../src/verify/verify-files.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

function verifyCorpus(name: string): Report {
  const root = sharedPath(`reference/contenthub/corpus/${name}/`);
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  return verifyFiles(new Map(paths.map((path) => [path, readFileSync(root + path, 'utf8')])), name.split('-')[0]);
}

function placesOf({ findings }: Report, rule: string): string[] {
  return findings.filter((finding) => finding.rule === rule).map(({ file, pointer }) => `${file} ${pointer}`);
}

describeShared('published solutions', () => {
  it('of AbuseIPDB: finds the text that the packaging tool doubled the bracket of, and no edit of the package', () => {
    const report = verifyCorpus('AbuseIPDB-3.0.0');
    const [text] = placesOf(report, 'playbook.leading-bracket');
    expect(text).toMatch(/ReportaIPs.*\/Get_Adaptive_Card_Body\/inputs\/body\/4\/text$/);
    expect(placesOf(report, 'agreement.package-content')).toEqual([]);
  });

  it('of AbuseIPDB: finds playbooks that use no managed identity', () => {
    const report = verifyCorpus('AbuseIPDB-3.0.0');
    expect(placesOf(report, 'playbook.identity')).toHaveLength(3);
    expect(placesOf(report, 'connection.identity')).toHaveLength(2);
  });

  it('of BlinkOps: passes the packages through every validation of packages', () => {
    const rules = new Set(verifyCorpus('BlinkOps-3.0.2').findings.map(({ rule }) => rule));
    // The corpus has no zips.
    expect([...rules].filter((rule) => /^(solution|agreement\.package|ui|branding|json)\b/.test(rule))).toEqual([
      'agreement.package-zip',
    ]);
  });

  it('are read without a broken expression or reference', () => {
    for (const name of ['AbuseIPDB-3.0.0', 'BlinkOps-3.0.2']) {
      const rules = verifyCorpus(name).findings.map(({ rule }) => rule);
      expect(
        rules.filter((rule) =>
          /^arm\.(expression|undefined|evaluation)|^workflow\.(shape|expression|unknown|not-run)/.test(rule),
        ),
      ).toEqual([]);
    }
  });
});
