/*
 * How people start this tool. Texts propose commands as `signl4-sentinel deploy`; what has to be typed differs: in the repository,
 * where the package is installed, in a container.
 */

/** What messages say where nobody knows better, and guides where `commandLine` in signl4.yaml says nothing else. */
export const INSTALLED = 'npx signl4-sentinel';

/** As `src/cli/commands.ts` has them. */
export const commandNames = [
  ...['init', 'build', 'verify', 'package', 'eval', 'run', 'simulate', 'demo', 'sandbox'],
  ...['deploy', 'setup', 'doctor', 'diff', 'pull', 'destroy', 'relay'],
] as const;

/** As people who write guides and messages call this tool, and as the package is called. */
export const CANONICAL = 'signl4-sentinel';

/** Not the test page, which is called after `doctor`, and not what says already how it is started. */
const proposal = new RegExp(`(?<!TEST of |npx )\\bsignl4-sentinel (?=(?:${commandNames.join('|')})\\b)`, 'g');

/** `text` with every command that it proposes as it has to be typed: `npm run -s cli -- deploy`. */
export function calledAs(text: string, commandLine = CANONICAL): string {
  return text.replaceAll(proposal, () => `${commandLine} `);
}

/** The same in a JSON text. */
export function calledAsInJson(json: string, commandLine = CANONICAL): string {
  return calledAs(json, JSON.stringify(commandLine).slice(1, -1));
}
