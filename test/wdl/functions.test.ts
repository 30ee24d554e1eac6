import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WdlError } from '../../src/wdl/errors.ts';
import { findFunction, functionGroups } from '../../src/wdl/functions/index.ts';
import { references } from '../../src/wdl/references.ts';
import { describeShared, sharedPath } from '../support/shared.ts';
import { evaluateCase, sameResult } from './support.ts';
import { collectionRows } from './tables/collection.ts';
import { conversionRows } from './tables/conversion.ts';
import { dateTimeRows } from './tables/date-time.ts';
import { jsonXmlRows } from './tables/json-xml.ts';
import { logicalRows } from './tables/logical.ts';
import { mathRows } from './tables/math.ts';
import type { Row } from './tables/row.ts';
import { stringRows } from './tables/string.ts';
import { uriRows } from './tables/uri.ts';
import { workflowRows } from './tables/workflow.ts';

const tables = {
  string: stringRows,
  collection: collectionRows,
  logical: logicalRows,
  conversion: conversionRows,
  math: mathRows,
  'date and time': dateTimeRows,
  workflow: workflowRows,
  uri: uriRows,
  'json and xml': jsonXmlRows,
} satisfies Record<keyof typeof functionGroups, readonly Row[]>;

describe.each(Object.entries(tables))('%s functions', (_group, rows) => {
  const values = rows.filter((row) => 'value' in row);
  it.each(values)('$expr gives $value', ({ expr, value, context }) => {
    const actual = evaluateCase({ expr, ...(context && { context }) });
    expect(sameResult(actual, value), `got ${JSON.stringify(actual)}`).toBe(true);
  });

  const failures = rows.filter((row) => 'reason' in row);
  it.each(failures)('$expr fails: $message', ({ expr, reason, message, context }) => {
    const error = failureOf(() => evaluateCase({ expr, ...(context && { context }) }));
    expect(error).toBeInstanceOf(WdlError);
    expect(error).toMatchObject({ reason, code: 'InvalidTemplate' });
    expect((error as WdlError).message).toContain(message);
  });
});

describe('the tables', () => {
  const called = (row: Row) => references(`@${row.expr}`).functions.map(({ name }) => name.toLowerCase());
  const rows = Object.values(tables).flat();
  const succeeding = new Set(rows.filter((row) => 'value' in row).flatMap(called));
  const failing = new Set(rows.filter((row) => 'reason' in row).map((row) => called(row)[0]));

  it.each(Object.values(functionGroups).flat())('show $name at work and failing', ({ name }) => {
    expect(succeeding.has(name.toLowerCase())).toBe(true);
    expect(failing.has(name.toLowerCase())).toBe(true);
  });
});

describeShared('the function reference', () => {
  const rows = readFileSync(sharedPath('reference/expressions/functions.md'), 'utf8').matchAll(/^\| ([\w, ]+) \| \d/gm);
  const names = [...rows].flatMap(([, cell = '']) => cell.split(', '));
  it.each(['actionBody', 'actionOutputs', ...names])('%s is defined', (name) => {
    expect(findFunction(name)?.name).toBe(name);
  });
});

function failureOf(evaluate: () => unknown): unknown {
  try {
    return `no failure: ${JSON.stringify(evaluate())}`;
  } catch (error) {
    return error;
  }
}
