import { Command } from 'commander';
import { commands } from '../../../src/cli/commands.ts';
import { capturedIo } from '../../support/captured-io.ts';
import type { Page } from './markdown.ts';
import { partsOf } from './markdown.ts';
import { type CommandLine, commandLines, variants } from './shell.ts';

/* The commands of this tool, as pages name them: in blocks, and in the text. */

export interface OwnCommand {
  readonly place: string;
  /** Behind the name of the tool. */
  readonly words: readonly string[];
}

/** A command that is not ours, with the page that shows it. */
export interface OtherCommand extends CommandLine {
  readonly place: string;
  readonly page: Page;
}

/** How people call the tool. */
const forms = [['npm', 'run', '-s', 'cli', '--'], ['npx', 'signl4-sentinel'], ['signl4-sentinel']];
const names = commands.map(({ name }) => name);

/** Programs whose commands are in the text, not only in blocks. */
const programs = [
  'az',
  'bash',
  'chmod',
  'curl',
  'docker',
  'node',
  'npm',
  'npx',
  'openssl',
  'paconn',
  './entra-app.sh',
  './entra-app.ps1',
];

function isShell(language: string): boolean {
  return ['', 'sh'].includes(language);
}

export interface Found {
  readonly own: readonly OwnCommand[];
  readonly others: readonly OtherCommand[];
}

export function commandsOn(page: Page): Found {
  const { blocks, spans } = partsOf(page);
  const place = (line: number) => `${page.path}:${line}`;
  const inBlocks = blocks
    .filter(({ language }) => isShell(language))
    .flatMap(({ text, line }) => commandLines(text).map((command) => ({ ...command, place: place(line), page })));
  const inText = spans
    .filter(({ text }) => isCommand(text))
    .flatMap(({ text, line }) =>
      variants(text).flatMap((variant) => commandLines(variant).map((each) => ({ ...each, place: place(line), page }))),
    );
  const all = [...inBlocks, ...inText];
  return {
    own: all.flatMap((command) => {
      const words = ownWords(command.words);
      return words ? [{ place: command.place, words }] : [];
    }),
    others: all.filter(({ words }) => ownWords(words) === undefined),
  };
}

/** In the text, a word alone is a name: `deploy`, `curl`. */
function isCommand(text: string): boolean {
  const [first = '', ...rest] = text.replace(/^(?:[A-Z_0-9]+=\S+ )+/, '').split(/\s+/);
  return rest.length > 0 && [...names, ...programs, 'signl4-sentinel'].includes(first);
}

/** Undefined where it is a command of something else. */
function ownWords(words: readonly string[]): readonly string[] | undefined {
  const form = forms.find((each) => each.every((word, index) => words[index] === word));
  if (form) return words.slice(form.length);
  return names.includes(words[0] ?? '') ? words : undefined;
}

/** Parses a command line with the real commands, and runs nothing. Throws what commander says. */
export async function parsed(words: readonly string[]): Promise<void> {
  const program = new Command('signl4-sentinel').version('0');
  for (const { load } of commands) program.addCommand(await load(capturedIo('/nowhere')));
  harmless(program);
  await program.parseAsync([...words], { from: 'user' });
}

function harmless(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  if (command.commands.length === 0 || command.name() === 'relay') command.action(() => {});
  command.commands.forEach(harmless);
}
