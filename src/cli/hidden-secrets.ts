import type { Io } from './io.ts';

/** Environment variables that hold secrets, ours and those of the Azure SDK. */
const secretName = /(SECRET|KEY|TOKEN|PASSWORD|CONNECTION)$/i;
/** Hiding shorter values would also hide unrelated words. */
const SHORTEST = 8;

/**
 * The same `Io`, with the values of secret variables hidden in all output: services and their errors quote what they were sent.
 */
export function hidingSecrets(io: Io): Io {
  const hidden = secretsHidden(io.env);
  return { ...io, print: (text: string) => io.print(hidden(text)), note: (text: string) => io.note(hidden(text)) };
}

/** Returns a function that hides the secrets in a string, for output that goes to a file. */
export function secretsHidden(env: Io['env']): (text: string) => string {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= SHORTEST ? [value] : [],
  );
  // As it is, URL-encoded, and inside a JSON string.
  const forms = secrets.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '(hidden)'), text);
}
