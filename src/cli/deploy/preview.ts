import type { PropertyChange, ResourceChange, WhatIfResult } from '../../azure/deployments.ts';
import { changeText, valueText } from '../drift/report.ts';

/** What a deployment would change, as people read it: place by place, what is there now and what would be. */

const signs: Readonly<Record<string, string>> = {
  Create: '+',
  Delete: '-',
  Modify: '~',
  Array: '~',
  Deploy: '!',
  Unsupported: 'x',
};

export function preview(title: string, { changes, diagnostics }: WhatIfResult): string {
  const told = changes.filter(isTold);
  const ignored = changes.filter(({ change }) => change === 'Ignore').length;
  const notes = diagnostics.filter(({ level }) => level !== 'Info');
  return [
    title,
    ...(told.length > 0 ? told.flatMap(resourceLines) : ['  no change']),
    ...(ignored > 0 ? [`  (${ignored} other resources of the group stay as they are)`] : []),
    ...notes.map(({ level, code, message }) => `  ${level.toLowerCase()}: ${message} [${code}]`),
  ].join('\n');
}

/** Whether the preview should show this resource, which is so if it changes. */
export function isTold({ change }: ResourceChange): boolean {
  return change !== 'Ignore' && change !== 'NoChange' && change !== 'NoEffect';
}

function resourceLines({ change, resourceId, properties, unsupportedReason }: ResourceChange): readonly string[] {
  const where = resourceId.split('/providers/').at(-1) ?? resourceId;
  const why = unsupportedReason ? `: ${unsupportedReason}` : '';
  return [`  ${signs[change] ?? '?'} ${where}${why}`, ...properties.map((each) => `      ${propertyLine(each)}`)];
}

function propertyLine({ path, change, before, after }: PropertyChange): string {
  const sign = signs[change] ?? '?';
  if (change === 'Create') return `${sign} ${path}: ${valueText(after)}`;
  if (change === 'Delete') return `${sign} ${path}: ${valueText(before)}`;
  return `${sign} ${path}: ${changeText(before, after)}`;
}
