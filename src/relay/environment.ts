import { ConfigError } from '../config/problem.ts';
import { encryptedUrl } from '../domain/endpoint.ts';
import { UserError } from '../domain/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Minimum length of secrets that grant access to the relay; shorter ones can be guessed. */
const MIN_SECRET = 16;

/** Reads typed values from the environment and collects all errors. No message contains a secret. */
export interface EnvironmentReader {
  /** Trimmed; empty if not set. */
  text(name: string): string;
  /** Like `text`, or the content of the file that `<name>_FILE` names, as Docker and Kubernetes mount secrets. */
  secret(name: string): string;
  /** The values of `name` and `name_PREVIOUS` that are set, each of at least {@link MIN_SECRET} characters. */
  strongSecrets(name: string): readonly string[];
  wholeNumber(name: string, fallback: number, least: number, most: number): number;
  isOn(name: string): boolean;
  /** An https address without a trailing slash; http only for this machine. */
  address(name: string): string | undefined;
  /** A `secret` that is such an address, unchanged; empty if not set. No message contains it. */
  secretAddress(name: string): string;
  oneOf(name: string, fallback: string, choices: readonly string[]): string;
  complain(name: string, message: string, remedy: string): void;
  /** Throws a ConfigError with all errors, if there are any. */
  finish(): void;
}

/** App Service leaves this in a setting whose Key Vault reference it could not resolve; as a secret it could be guessed. */
const UNRESOLVED = '@Microsoft.KeyVault(';

export function readEnvironment(env: Environment, readFile: (path: string) => string): EnvironmentReader {
  const problems: UserError[] = [];
  const reader: EnvironmentReader = {
    text: (name) => env[name]?.trim() ?? '',
    secret(name) {
      const path = reader.text(`${name}_FILE`);
      const value = reader.text(name);
      if (value.startsWith(UNRESOLVED)) {
        const remedy =
          'Give the identity of the app the role Key Vault Secrets User on the vault, then have it read its settings again (portal: Environment variables).';
        reader.complain(name, 'the secret could not be read from the key vault', remedy);
      }
      if (path === '') return value;
      if (value !== '') reader.complain(name, `both ${name} and ${name}_FILE are set`, 'Keep one of them.');
      try {
        return readFile(path).trim();
      } catch {
        reader.complain(`${name}_FILE`, `${path} cannot be read`, 'Check the path and the rights of the file.');
        return '';
      }
    },
    strongSecrets(base) {
      return [base, `${base}_PREVIOUS`].flatMap((name) => {
        const value = reader.secret(name);
        if (value !== '' && value.length < MIN_SECRET) {
          const message = `${name} is shorter than ${MIN_SECRET} characters`;
          reader.complain(name, message, 'Make one: openssl rand -hex 32');
        }
        return value === '' ? [] : [value];
      });
    },
    wholeNumber(name, fallback, least, most) {
      const text = reader.text(name);
      const value = text === '' ? fallback : /^\d+$/.test(text) ? Number(text) : Number.NaN;
      if (Number.isInteger(value) && value >= least && value <= most) return value;
      reader.complain(name, `${name} is "${text}"`, `Write a whole number from ${least} to ${most}.`);
      return fallback;
    },
    isOn(name) {
      const text = reader.oneOf(name, 'false', ['true', 'false', '1', '0']);
      return text === 'true' || text === '1';
    },
    address(name) {
      const text = reader.text(name).replace(/\/+$/, '');
      if (text === '') return undefined;
      const url = encryptedUrl(text);
      if (url && !url.search && !url.hash) return text;
      const remedy = 'Write https://host; http only works for this machine.';
      reader.complain(name, `${name} must be an https:// address without user, query and fragment`, remedy);
      return undefined;
    },
    secretAddress(name) {
      const text = reader.secret(name);
      if (text === '' || encryptedUrl(text)) return text;
      const remedy = 'Copy it from the trigger of the playbook SIGNL4-Callback; it begins with https://.';
      reader.complain(name, 'this is not an address of a playbook', remedy);
      return '';
    },
    oneOf(name, fallback, choices) {
      const text = reader.text(name).toLowerCase() || fallback;
      if (choices.includes(text)) return text;
      reader.complain(name, `${name} is "${text}"`, `Write one of ${choices.join(', ')}.`);
      return fallback;
    },
    complain(name, message, remedy) {
      problems.push(new UserError('relay.setting', message, { where: { path: name }, remedy }));
    },
    finish() {
      const [first, ...others] = problems;
      if (first) throw new ConfigError([first, ...others]);
    },
  };
  return reader;
}
