import { spokenDuration } from './duration.ts';
import type { Played } from './play.ts';
import type { TimelineEntry } from './timeline.ts';

export interface TextStyle {
  readonly colours: boolean;
}

const paint = { good: 32, bad: 31, dim: 2, bold: 1 } as const;

/** A played story for a terminal: what happened when, then what was to be true. */
export function storyText(played: Played, { colours }: TextStyle): string {
  const colour = (kind: keyof typeof paint, text: string) =>
    colours ? `\u001b[${paint[kind]}m${text}\u001b[0m` : text;
  const { scenario, timeline, startedAt, findings, ok } = played;
  const lines = [colour('bold', scenario.title)];
  if (scenario.story) lines.push(colour('dim', scenario.story), '');
  for (const entry of timeline) {
    const text = `${clockTime(entry, startedAt)}  ${entry.actor.padEnd(9)} ${entry.text}`;
    lines.push(entry.isTrouble ? colour('bad', text) : text);
  }
  lines.push('');
  for (const finding of findings) {
    const mark = finding.ok ? colour('good', '✓') : colour('bad', '✗');
    const found = finding.ok ? '' : ` — found: ${finding.found} (line ${finding.line})`;
    lines.push(`${mark} ${finding.text}${found}`);
  }
  const failed = findings.filter((finding) => !finding.ok).length;
  const length = spokenDuration(played.scenario.until);
  lines.push(
    '',
    ok
      ? colour('good', `all ${findings.length} hold after ${length}`)
      : colour('bad', `${failed} of ${findings.length} do not hold`),
  );
  return lines.join('\n');
}

/** `+01:04.5`: minutes, seconds and tenths from the start. */
function clockTime({ at }: TimelineEntry, startedAt: number): string {
  const tenths = Math.floor((at - startedAt) / 100);
  const [minutes, seconds, rest] = [Math.floor(tenths / 600), Math.floor(tenths / 10) % 60, tenths % 10];
  return `+${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}.${rest}`;
}

/** The same as data. */
export function storyJson({ scenario, ok, findings, timeline, startedAt, environment }: Played) {
  return {
    title: scenario.title,
    ok,
    findings,
    timeline: timeline.map(({ at, ...entry }) => ({ atMs: at - startedAt, ...entry })),
    runs: environment.history.runs.map(({ playbook, startedAt: at, endedAt, result, problem }) => ({
      playbook,
      atMs: at - startedAt,
      ...(endedAt !== undefined && { tookMs: endedAt - at }),
      status: result?.status ?? 'Failed',
      ...(problem && { problem }),
    })),
  };
}
