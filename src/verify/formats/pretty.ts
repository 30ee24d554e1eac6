import { plural } from '../../domain/text.ts';
import type { Finding, Report } from '../report.ts';

/** Report for people: findings grouped by file, each with its source line. */
export function prettyReport(
  report: Report,
  contentOf: (file: string) => string | Uint8Array | undefined,
  files: number,
): string {
  const byFile = Map.groupBy(report.findings, ({ file }) => file);
  const blocks = [...byFile].flatMap(([file, findings]) => {
    const content = contentOf(file);
    const lines = typeof content === 'string' ? content.split(/\r?\n/) : [];
    return findings.map((finding) => describe(finding, lines[finding.line - 1]));
  });
  return [...blocks, summary(report, files)].join('\n\n');
}

const EXCERPT_WIDTH = 100;

function describe({ file, line, column, level, rule, message, help }: Finding, source: string | undefined): string {
  return [
    `${file}:${line}:${column} ${level} ${rule}`,
    `  ${message}`,
    ...excerpt(source, line, column),
    `  -> ${help}`,
  ].join('\n');
}

/** The line with a mark under the location; a long line is shortened around it. */
function excerpt(source: string | undefined, line: number, column: number): string[] {
  if (source === undefined || source.trim() === '') return [];
  const start = Math.max(0, column - EXCERPT_WIDTH + 20);
  const indent = start > 0 ? 0 : (/^\s*/.exec(source)?.[0].length ?? 0);
  const from = Math.max(start, Math.min(indent, column - 1));
  const margin = String(line).padStart(5);
  const shown = source.slice(from, from + EXCERPT_WIDTH).replaceAll('\t', ' ');
  return [`${margin} | ${shown}`, `${' '.repeat(margin.length)} | ${' '.repeat(Math.max(0, column - 1 - from))}^`];
}

function summary({ findings, rules }: Report, files: number): string {
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const checked = `${plural(files, 'file')} checked with ${rules.length} rules`;
  if (findings.length === 0) return `No findings: ${checked}.`;
  const notes = count('note') > 0 ? `, ${plural(count('note'), 'note')}` : '';
  return `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}${notes}: ${checked}.`;
}
