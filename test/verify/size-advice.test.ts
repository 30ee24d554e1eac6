import { describe, expect, it } from 'vitest';
import { overTheLimits } from '../../src/solution/limits.ts';
import { verifyFiles } from '../../src/verify/verify-files.ts';

const kilobytes = (count: number) => 'x'.repeat(count * 1024);

describe('what is too large', () => {
  it('in a template is told with its size, the limit, and what to make smaller first', () => {
    const resource = (type: string, size: number) => ({ type, text: kilobytes(size) });
    const small = Array.from({ length: 5 }, () => resource('Microsoft.Web/connections', 800));
    const messages = overTheLimits({ resources: [...small, resource('Microsoft.Logic/workflows', 1500)] }).map(
      ({ message }) => message,
    );
    expect(messages).toEqual([
      expect.stringMatching(
        /^the template has a resource of 15\d{5} bytes \(resources\[5\] \(Microsoft\.Logic\/workflows\)\), the limit is 1048576 \(1 MB\)$/,
      ),
      expect.stringMatching(
        /^the template has 56\d{5} bytes, the limit is 4194304 \(4 MB\); its largest resource is resources\[5\] .* with 15\d{5}$/,
      ),
    ]);
  });

  it('in a workflow is told with its largest action', () => {
    const compose = (size: number) => ({ type: 'Compose', inputs: kilobytes(size), runAfter: {} });
    const definition = {
      $schema:
        'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
      contentVersion: '1.0.0.0',
      triggers: { manual: { type: 'Request', kind: 'Http' } },
      actions: { Small: compose(200), Large: compose(900) },
    };
    const { findings } = verifyFiles(new Map([['workflow.json', JSON.stringify(definition)]]));
    expect(findings.find(({ rule }) => rule === 'workflow.definition-size')?.message).toMatch(
      /^the definition has 11\d{5} bytes, the limit is 1048576; its largest action is "Large" with 92\d{4}$/,
    );
  });
});
