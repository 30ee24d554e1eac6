/*
 * How people start this tool. Texts propose commands as `signl4-sentinel deploy`; the command to type depends on the
 * installation: repository, package, or container.
 */

/** Used in messages if nothing else is known, and in guides unless `commandLine` in signl4.yaml says otherwise. */
export const INSTALLED = 'npx signl4-sentinel';

/** As `src/cli/commands.ts` has them. */
export const commandNames = [
  ...['init', 'build', 'verify', 'package', 'eval', 'run', 'simulate', 'demo', 'sandbox'],
  ...['deploy', 'setup', 'doctor', 'diff', 'pull', 'destroy', 'relay'],
] as const;

/** Name of the tool in guides and messages, and of the package. */
export const CANONICAL = 'signl4-sentinel';

/** Excludes `doctor --page`, which is described by name, and commands that already say how they are started. */
const proposal = new RegExp(`(?<!TEST of |npx )\\bsignl4-sentinel (?=(?:${commandNames.join('|')})\\b)`, 'g');

/** `text` with every proposed command as it has to be typed: `npm run -s cli -- deploy`. */
export function calledAs(text: string, commandLine = CANONICAL): string {
  return text.replaceAll(proposal, () => `${commandLine} `);
}

/** The same in a JSON text. */
export function calledAsInJson(json: string, commandLine = CANONICAL): string {
  return calledAs(json, JSON.stringify(commandLine).slice(1, -1));
}
