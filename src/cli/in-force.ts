import { calledAs, calledAsInJson } from '../domain/command-line.ts';
import { UserError } from '../domain/errors.ts';
import type { Io } from './io.ts';

/** Options that select the workspace of a live command. Commands proposed in remedies must repeat them. */
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

/** Not `doctor --page`, which is described by its name. */
const proposal =
  /(?<!TEST of )\bsignl4-sentinel (?:setup (?:plan|apply|check)|deploy|diff|pull|doctor|destroy)\b(?! --(?:config|target))/g;

/** Adds these options to every command that a text proposes: `signl4-sentinel deploy --target contoso`. */
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

/** An `Io` that adds the options to proposed commands, and writes those commands as the user has to type them. */
export function ioInForce(io: Io, options: PlaceOptions): Io {
  return {
    ...io,
    print: (text) => io.print(typed(withOptionsInForce(text, options), io)),
    note: (text) => io.note(withOptionsInForce(text, options)),
  };
}

/** Applies to everything a command prints, JSON included; `runCli` does it for notes. */
function typed(text: string, { commandLine }: Io): string {
  const isJson = text.startsWith('{') || text.startsWith('[');
  return isJson ? calledAsInJson(text, commandLine) : calledAs(text, commandLine);
}
