import type { WhatIfResult } from '../../azure/deployments.ts';
import { plural, xml } from '../../domain/text.ts';
import type { Io } from '../io.ts';
import { isTold, preview } from './preview.ts';

/* What a deployment would change, as a comment on a pull request: a table, then a collapsible section for each deployment. */

/** First line of the comment, by which a pipeline finds the comment of its previous run. */
const MARK = '<!-- signl4-sentinel what-if -->';

/** Longest comment that GitHub accepts, in characters; Azure Repos accepts more. */
export const LONGEST_COMMENT = 65_536;

export interface Compared {
  readonly title: string;
  readonly result: WhatIfResult;
}

export interface Comparison {
  readonly compared: readonly Compared[];
  /** Lines about what is switched off. */
  readonly retiring: readonly string[];
  /** Link to the full comparison, worded to end a sentence: `[this run](https://…)`. */
  readonly whole: string;
}

/** Markdown of at most `limit` characters. Details that do not fit are dropped from the end, and a line says so. */
export function previewMarkdown({ compared, retiring, whole }: Comparison, limit = LONGEST_COMMENT): string {
  const changing = compared.filter(({ result }) => result.changes.some(isTold));
  const head = [
    MARK,
    '### What this would change in Azure',
    '',
    changing.length + retiring.length === 0 ? 'Nothing.' : '',
    ...(compared.length > 0 ? ['| deployment | changes |', '| --- | --- |', ...compared.map(row)] : []),
    ...retiring.map((line) => `\n${line}`),
    '',
  ].join('\n');
  const cut = `\n_Not everything has a place in a comment: ${whole} has the whole comparison._\n`;
  let text = head;
  let isWhole = true;
  for (const one of [...changing, ...compared.filter((other) => !changing.includes(other) && hasNotes(other))]) {
    const room = limit - text.length - cut.length;
    const details = detailsOf(one, room);
    isWhole &&= details.isWhole;
    text += details.text;
  }
  if (isWhole && text.length <= limit) return text;
  return `${text.slice(0, limit - cut.length).replace(/[\uD800-\uDBFF]$/, '')}${cut}`;
}

/** Where the pipeline that runs this shows its log; without one, "the output". */
export function runAddress(env: Io['env']): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository && run) return `[this run](${server}/${repository}/actions/runs/${run})`;
  const { SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build } = env;
  if (collection && project && build)
    return `[this run](${collection}${encodeURIComponent(project)}/_build/results?buildId=${build})`;
  return 'the output of the command';
}

const words: Readonly<Record<string, string>> = {
  ...{ Create: 'created', Modify: 'changed', Delete: 'deleted' },
  ...{ Deploy: 'deployed again', Unsupported: 'cannot be foreseen' },
};

function row({ title, result }: Compared): string {
  const told = result.changes.filter(isTold);
  const counts = [...Map.groupBy(told, ({ change }) => words[change] ?? change)].map(
    ([word, of]) => `${of.length} ${word}`,
  );
  const notes = notesOf(result).length;
  const parts = [...counts, ...(notes > 0 ? [`${plural(notes, 'note')} of Azure`] : [])];
  return `| ${inTable(title)} | ${inTable(parts.join(', ') || 'none')} |`;
}

function inTable(text: string): string {
  return text.replaceAll(/[\\|`*_<>[\]]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
}

function notesOf({ diagnostics }: WhatIfResult) {
  return diagnostics.filter(({ level }) => level !== 'Info');
}

function hasNotes({ result }: Compared): boolean {
  return notesOf(result).length > 0;
}

/** The changes of one deployment in at most `room` characters. */
function detailsOf({ title, result }: Compared, room: number): { readonly text: string; readonly isWhole: boolean } {
  const [, ...lines] = preview(title, result).split('\n');
  const body = lines.map(diffLine);
  const fence = '`'.repeat(Math.max(3, ...body.map((line) => longestTicks(line) + 1)));
  const open = `\n<details><summary>${xml(title)}</summary>\n\n${fence}diff\n`;
  const close = `${fence}\n\n</details>\n`;
  let left = room - open.length - close.length;
  const fitting = body.filter((line) => {
    left -= line.length + 1;
    return left >= 0;
  });
  const isWhole = fitting.length === body.length;
  return { text: fitting.length === 0 ? '' : `${open}${fitting.join('\n')}\n${close}`, isWhole };
}

function longestTicks(line: string): number {
  return Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
}

/** Moves the sign to the start of the line, where a diff block colours it: green, red, and orange for changes. */
function diffLine(line: string): string {
  return line.replace(
    /^( *)([+\-~!x]) /,
    (_, indent: string, sign: string) => `${sign === '~' ? '!' : sign} ${indent.slice(2)}`,
  );
}
