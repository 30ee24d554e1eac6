import { calledAs, calledAsInJson } from '../domain/command-line.ts';
import { UserError } from '../domain/errors.ts';
import type { Io } from './io.ts';

/** Options that say which workspace a live command is about; what a remedy proposes must be about the same one. */
export interface PlaceOptions {
  readonly config?: string;
  readonly target?: string;
  readonly resourceGroup?: string;
  readonly cloud?: string;
  readonly signInTenant?: string;
}

const flags = [
  ['config', '--config'],
  ['target', '--target'],
  ['resourceGroup', '--resource-group'],
  ['cloud', '--cloud'],
  ['signInTenant', '--sign-in-tenant'],
] as const satisfies readonly (readonly [keyof PlaceOptions, string])[];

/** Not the test page, which is called after `doctor`. */
const proposal =
  /(?<!TEST of )\bsignl4-sentinel (?:setup (?:plan|apply|check)|deploy|diff|pull|doctor|destroy)\b(?! --(?:config|target))/g;

/** Every command that a text proposes, with the options that are in force: `signl4-sentinel deploy --target contoso`. */
export function withOptionsInForce(text: string, options: PlaceOptions): string {
  const given = flags.flatMap(([name, flag]) => {
    const value = options[name];
    const isUsual = value === undefined || (name === 'cloud' && value === 'AzureCloud');
    return isUsual ? [] : [`${flag} ${/^[\w.-]+$/.test(value) ? value : `'${value}'`}`];
  });
  return given.length === 0 ? text : text.replaceAll(proposal, (command) => [command, ...given].join(' '));
}

/** The same for an error. */
export function errorInForce(error: unknown, options: PlaceOptions): unknown {
  if (!(error instanceof UserError) || error.constructor !== UserError || error.remedy === undefined) return error;
  const remedy = withOptionsInForce(error.remedy, options);
  if (remedy === error.remedy) return error;
  return new UserError(error.code, error.message, { where: error.where, remedy, cause: error });
}

/** An `Io` whose texts propose commands for the same workspace; what it prints has them as they have to be typed, too. */
export function ioInForce(io: Io, options: PlaceOptions): Io {
  return {
    ...io,
    print: (text) => io.print(typed(withOptionsInForce(text, options), io)),
    note: (text) => io.note(withOptionsInForce(text, options)),
  };
}

/** Of what a command prints, JSON included; notes get it from `runCli`. */
function typed(text: string, { commandLine }: Io): string {
  const isJson = text.startsWith('{') || text.startsWith('[');
  return isJson ? calledAsInJson(text, commandLine) : calledAs(text, commandLine);
}
