import { describe, expect, it } from 'vitest';
import type { WorkflowDefinition } from '../../src/wdl/types.ts';
import { flowPicture } from '../../src/workflow/picture/svg.ts';

const definition = (actions: Record<string, unknown>): WorkflowDefinition =>
  ({ triggers: { Call: { type: 'Request', kind: 'Http' } }, actions }) as unknown as WorkflowDefinition;
/** The texts below the line that ends the workflow. */
const legendOf = (actions: Record<string, unknown>) => {
  const [, legend = ''] = flowPicture(definition(actions), 'A workflow').split('class="rule"/>');
  return [...legend.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text);
};
const TRIGGER = 'Trigger: starts the run';

describe('the legend of a picture of a workflow', () => {
  it('explains what the picture contains, inside of containers too, and nothing else', () => {
    expect(legendOf({ Wait: { type: 'Wait' } })).toEqual([TRIGGER, 'Prepares data', 'Next step']);
    expect(
      legendOf({
        All: { type: 'Scope', actions: { Ask: { type: 'Http', inputs: { method: 'GET', uri: 'https://x' } } } },
      }),
    ).toEqual([TRIGGER, 'Asks or tells a service', 'Scope: steps that belong together', 'Next step']);
  });

  it('explains arrows of failure where there is one', () => {
    const steps = {
      First: { type: 'Compose', inputs: 1 },
      Then: { type: 'Terminate', inputs: { runStatus: 'Failed' }, runAfter: { First: ['Failed'] } },
    };
    expect(legendOf(steps)).toEqual([
      TRIGGER,
      'Prepares data',
      'Ends the run',
      'Next step',
      'Next step, only when it failed',
    ]);
  });
});
