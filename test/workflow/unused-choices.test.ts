import { describe, expect, it } from 'vitest';
import { parameter, row } from '../../src/wdl/build.ts';
import { derivedWorkspace, workspaceArmId, workspaceId } from '../../src/workflow/parts/workspace.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { onSchedule } from '../../src/workflow/triggers.ts';
import { workflow } from '../../src/workflow/workflow.ts';

const choice = (description: string) => ({ type: 'String', defaultValue: '', description }) as const;
const onRow = (left: Parameters<typeof row.is>[0], right: Parameters<typeof row.is>[1]) =>
  workflow({
    choices: { Used: choice('Read below.'), Unused: choice('Read nowhere.') },
    derived: [derivedWorkspace(undefined)],
    trigger: onSchedule('Often', 'Often.', { frequency: 'Hour', interval: 1 }),
    steps: [condition('Is it so', { description: 'A row.', all: [row.is(left, right)] })],
  });

describe('a workflow', () => {
  it('asks only for choices that it reads', () => {
    expect(Object.keys(onRow(parameter('Used'), 'x').choices)).toEqual(['Used']);
  });

  it('derives only what it reads, and asks the deployment for what that needs', () => {
    const { parameters, deployment } = onRow(workspaceArmId, 'x').derived;
    expect(Object.keys(parameters)).toEqual(['WorkspaceArmId']);
    expect(Object.keys(deployment.parameters)).toEqual([
      ...['WorkspaceName', 'WorkspaceResourceGroup', 'WorkspaceSubscriptionId'],
    ]);
    expect(Object.keys(onRow(workspaceId, 'x').derived.deployment.parameters)).toContain('WorkspaceId');
    expect(onRow('a', 'b').derived).toEqual({ parameters: {}, deployment: { parameters: {}, variables: {} } });
  });

  it('has no side of a row that a template would take for an expression', () => {
    expect(JSON.stringify(onRow(parameter('Used'), "[it's]").definition.actions)).toContain(`"@{'[it''s]'}"`);
  });
});
