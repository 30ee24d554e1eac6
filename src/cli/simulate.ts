import { resolve } from 'node:path';
import { Command } from 'commander';
import { reportHtml } from '../simulator/page/report.ts';
import { loadScenario } from '../simulator/scenario/load.ts';
import { type Played, play } from '../simulator/scenario/play.ts';
import { storyJson, storyText } from '../simulator/scenario/text.ts';
import { shippedAssets } from './assets.ts';
import type { Io } from './io.ts';
import { junitXml, type TestSuite } from './junit.ts';
import { readText } from './read-text.ts';
import { writeWhole } from './write-files.ts';

interface SimulateOptions {
  readonly report?: string;
  readonly junit?: string;
  readonly json?: true;
}

/** `simulate`: plays stories in a stub world with the real playbooks, the real relay and the real rules. */
export function simulateCommand(io: Io): Command {
  return new Command('simulate')
    .description('play a story of incidents and people in a simulated world')
    .argument('<scenario...>', 'scenario files (YAML); scenarios/ in the repository has examples')
    .option('-r, --report <file>', 'write one self-contained HTML page, with a summary on top')
    .option('--junit <file>', 'write the outcome as JUnit XML, for pipelines')
    .option('--json', 'print {title, ok, findings, timeline, runs}, a list for several files')
    .addHelpText('after', HELP)
    .action((files: string[], options: SimulateOptions) => simulate(io, files, options));
}

const HELP = `
A scenario says what happens (incidents arrive, people acknowledge and close, services break) and what must
be true at the end. It runs on a virtual clock: a night takes a second.

Exit code: 0 everything holds; 1 something does not, or a file is wrong; 2 wrong usage.`;

async function simulate(io: Io, files: readonly string[], options: SimulateOptions): Promise<void> {
  const scenarios = files.map((named) => {
    const { text, file } = readText(io, named);
    return loadScenario(text, file);
  });
  const stories: Played[] = [];
  const suites: TestSuite[] = [];
  for (const scenario of scenarios) {
    const startedAt = io.clock.now();
    const played = await play(scenario);
    stories.push(played);
    if (options.junit !== undefined) suites.push({ ...suiteOf(played), startedAt, tookMs: io.clock.now() - startedAt });
    if (!options.json) io.print(`${storyText(played, { colours: io.isTerminal })}\n`);
  }
  if (options.report !== undefined) {
    const page = await reportHtml(stories, shippedAssets.text('templates/simulator/page.css'), io.clock.now());
    writeWhole(resolve(io.cwd, options.report), page, options.report);
    io.note(`wrote ${options.report}`);
  }
  if (options.junit !== undefined) {
    writeWhole(resolve(io.cwd, options.junit), junitXml('simulate', suites), options.junit);
    io.note(`wrote ${options.junit}`);
  }
  if (options.json) {
    const [first, ...others] = stories.map(storyJson);
    io.print(JSON.stringify(others.length > 0 ? [first, ...others] : first, undefined, 2));
  }
  if (stories.some(({ ok }) => !ok)) io.setExitCode(1);
}

/** A test suite for the story, with a test case for each expectation. */
function suiteOf(played: Played): Omit<TestSuite, 'startedAt' | 'tookMs'> {
  const cases = played.findings.map(({ text, ok, found, line }) => ({
    name: text,
    ...(!ok && { failure: `found: ${found} (line ${line} of the scenario)` }),
  }));
  return { name: played.scenario.title, cases, output: storyText(played, { colours: false }) };
}
