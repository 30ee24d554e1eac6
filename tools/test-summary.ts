import { readFileSync } from 'node:fs';

/* Adds up the JSON reports of several test runs: the last line of CI is "N passed, N failed, N skipped". */

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  counts.passed += report['numPassedTests'] ?? 0;
  counts.failed +=
    (report['numFailedTests'] ?? 0) + (report['numFailedTestSuites'] && !report['numFailedTests'] ? 1 : 0);
  counts.skipped += (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
