import { expect, it } from 'vitest';
import { comparePackage, comparisonReport } from '../../tools/compare-package.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const corpus = 'reference/contenthub/corpus';

describeShared('the packages that Microsoft published', () => {
  it('come out the same text: BlinkOps 3.0.2', async () => {
    const comparison = await comparePackage(sharedPath(`${corpus}/BlinkOps-3.0.2`));
    expect(comparison, comparisonReport('BlinkOps', comparison)).toMatchObject({
      equal: comparison.units.length,
      explained: 0,
      different: 0,
      sameText: true,
    });
  });

  it('come out the same but for the note of its time: AbuseIPDB 3.0.0', async () => {
    const comparison = await comparePackage(sharedPath(`${corpus}/AbuseIPDB-3.0.0`));
    expect(comparison, comparisonReport('AbuseIPDB', comparison)).toMatchObject({
      equal: comparison.units.length - 1,
      explained: 1,
      different: 0,
    });
  });
});
