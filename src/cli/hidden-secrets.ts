import type { Io } from './io.ts';

/** Variables that hold secrets, ours and those of the Azure SDK. */
const secretName = /(SECRET|KEY|TOKEN|PASSWORD|CONNECTION)$/i;
/** Shorter values would hide words that have nothing to do with them. */
const SHORTEST = 8;

/**
 * The same outside world, but nothing that is printed holds the value of a secret variable: services quote what they were
 * sent, and so do errors.
 */
export function hidingSecrets(io: Io): Io {
  const hidden = secretsHidden(io.env);
  return { ...io, print: (text: string) => io.print(hidden(text)), note: (text: string) => io.note(hidden(text)) };
}

/** A function that hides them in a text, for what goes to a file. */
export function secretsHidden(env: Io['env']): (text: string) => string {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= SHORTEST ? [value] : [],
  );
  // As it is, in an address, in a JSON text.
  const forms = secrets.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '(hidden)'), text);
}
