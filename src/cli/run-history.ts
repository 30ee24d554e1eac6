import { plural } from '../domain/text.ts';
import { type ActionNode, type Branch, workflowModel } from '../engine/model.ts';
import type { ActionResult, RunResult } from '../engine/result.ts';
import type { CallRecord } from '../engine/run-state.ts';
import type { WorkflowDefinition } from '../wdl/types.ts';

/** Mark shown before an action, by state. */
const MARKS: Readonly<Record<string, string>> = {
  Succeeded: '✓',
  Failed: '✗',
  Skipped: '○',
  TimedOut: '⏱',
  Cancelled: '⊘',
};

const NAME_WIDTH = 44;

/** A run as the portal shows it: a tree of all actions with state, duration and the reason of a failure. */
export function runHistory(definition: WorkflowDefinition, result: RunResult, isVerbose: boolean): string {
  const lines = [headline(result), ...error(result.error, ''), '', triggerLine(result)];
  if (isVerbose && result.trigger.outputs !== undefined)
    lines.push(...details('outputs', result.trigger.outputs, '  '));
  if (result.trigger.status === 'Succeeded')
    lines.push(...branchLines(workflowModel(definition).root, result, '', isVerbose));
  if (result.calls.length > 0) lines.push('', 'Calls', ...result.calls.map(callLine));
  if (result.response) lines.push('', `Response to the caller: ${result.response.status}`);
  if (Object.keys(result.outputs).length > 0) lines.push('', ...details('Outputs', result.outputs, ''));
  if (result.warnings.length > 0) lines.push('', ...result.warnings.map((warning) => `! ${warning}`));
  return lines.join('\n');
}

function headline({ status, code, startTime, endTime }: RunResult): string {
  const reason = code === undefined || code === status ? '' : ` (${code})`;
  return `${MARKS[status] ?? ' '} Run ${status}${reason}, ${duration(startTime, endTime)}`;
}

function triggerLine({ trigger: { name, status, reason } }: RunResult): string {
  return `${MARKS[status] ?? ' '} ${name.padEnd(NAME_WIDTH)} trigger${reason ? `   ${reason}` : ''}`;
}

function branchLines(branch: Branch, result: RunResult, indent: string, isVerbose: boolean): string[] {
  return inOrder(branch).flatMap((node) => nodeLines(node, result, indent, isVerbose));
}

/** Ordered by `runAfter`, then by the definition. */
function inOrder({ nodes }: Branch): ActionNode[] {
  const ordered: ActionNode[] = [];
  const place = (node: ActionNode): void => {
    if (ordered.includes(node)) return;
    for (const before of nodes) if (node.runAfter.has(before.id)) place(before);
    ordered.push(node);
  };
  for (const node of nodes) place(node);
  return ordered;
}

function nodeLines(node: ActionNode, result: RunResult, indent: string, isVerbose: boolean): string[] {
  const action = result.actions[node.name];
  if (!action) return [];
  const name = `${indent}${MARKS[action.status] ?? ' '} ${node.name}`;
  const facts = [node.type.padEnd(22), outcome(action), duration(action.startTime, action.endTime), ...counts(action)];
  const line = `${name.padEnd(NAME_WIDTH + 2)} ${facts.filter(Boolean).join('  ')}`.trimEnd();
  const shows = action.status !== 'Skipped';
  return [
    line,
    ...(shows ? error(action.error, `${indent}    `) : []),
    ...(shows && isVerbose ? inputsAndOutputs(action, `${indent}    `) : []),
    ...node.branches.flatMap((branch) => [
      ...branchTitle(branch, node, `${indent}  `),
      ...branchLines(branch, result, `${indent}  │ `, isVerbose),
    ]),
  ];
}

/** Heading of a branch: `true`/`false` of a condition, or a case of a switch; empty for containers with only one branch. */
function branchTitle({ key, nodes }: Branch, { type, action }: ActionNode, indent: string): string[] {
  if (nodes.length === 0 || (type !== 'If' && type !== 'Switch')) return [];
  if (type === 'If') return [`${indent}${key === 'actions' ? 'true' : 'false'}`];
  const cases = 'cases' in action ? action.cases : {};
  const name = key.slice('case:'.length);
  return [`${indent}${key === 'default' ? 'default' : `case ${JSON.stringify(cases[name]?.case ?? name)}`}`];
}

function outcome({ status, code }: ActionResult): string {
  if (status === 'Succeeded') return '';
  return code === undefined || code === `Action${status}` ? status : `${status} (${code})`;
}

function counts({ iterations, repetitions, retries }: ActionResult): string[] {
  const tally = Map.groupBy(repetitions ?? [], ({ status }) => status);
  const states = [...tally].map(([status, list]) => `${list.length} ${status.toLowerCase()}`).join(', ');
  return [
    ...(iterations === undefined ? [] : [plural(iterations, 'iteration')]),
    ...(repetitions && states ? [states] : []),
    ...(retries ? [`${retries.length} ${retries.length === 1 ? 'retry' : 'retries'} after ${retries[0]?.code}`] : []),
  ];
}

function inputsAndOutputs(action: ActionResult, indent: string): string[] {
  const shown = action.repetitions ?? [{ ...action, indexes: [] }];
  return shown.flatMap(({ indexes, inputs, outputs, error: own }) => [
    ...(indexes.length > 0 ? [`${indent}[${indexes.join('][')}]`] : []),
    ...(inputs === undefined ? [] : details('inputs', inputs, indent)),
    ...(outputs === undefined ? [] : details('outputs', outputs, indent)),
    ...(indexes.length > 0 ? error(own, indent) : []),
  ]);
}

function details(title: string, value: unknown, indent: string): string[] {
  const [first = '', ...rest] = JSON.stringify(value, undefined, 2).split('\n');
  return [`${indent}${title}: ${first}`, ...rest.map((line) => `${indent}${line}`)];
}

function error(found: ActionResult['error'], indent: string): string[] {
  if (!found) return [];
  return [
    `${indent}${found.code}: ${found.message}`,
    ...(found.remedy === undefined ? [] : [`${indent}${found.remedy}`]),
  ];
}

function callLine({ method, uri, path, connection, action, status, failure, retry }: CallRecord): string {
  const target = uri ?? `${connection ? `${connection.key}:` : ''}${path}`;
  const again = retry > 0 ? ` (retry ${retry})` : '';
  return `  ${String(status ?? '---')}  ${method.padEnd(6)} ${target}   ${action}${again}${failure ? `   ${failure}` : ''}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** `1 h 20 min`, `7.5 s`, `0 s`. */
function duration(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  if (ms < 60_000) return `${ms / 1_000} s`;
  const parts: string[] = [];
  let left = ms;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ');
}
