import { isJsonObject, type Json } from '../domain/json.ts';
import { type ConfigProblem, formatPath, type Path } from './problem.ts';

/*
 * A configuration file is committed, mailed and pasted, so it must not contain secrets. Anything that looks like one is refused,
 * and the message does not repeat it.
 */

/** Maps whose keys are chosen by the user and so say nothing about their values. */
const freeNames = /^(targets\[\d+\]\.)?(message\.parameters|friendlyNames\.\w+|owners|close\.hashtags)$/;

/** Usual names of secrets; compared ignoring case, "-" and "_". */
const secretNames = new Set([
  'apikey',
  'signl4apikey',
  'teamsecret',
  'signl4teamsecret',
  'secret',
  'clientsecret',
  'sharedkey',
  'accountkey',
  'connectionstring',
  'password',
  'token',
  'accesstoken',
  'webhookurl',
  'callbackurl',
  'sas',
  'authorization',
  'xapikey',
  'xfunctionskey',
  'ocpapimsubscriptionkey',
  'relaykey',
  'relaysignl4secret',
  'webhooksecret',
  'azureclientsecret',
]);

/** Patterns of secrets, which names, titles and templates do not match by chance. */
const secretShapes: readonly { readonly what: string; readonly shape: RegExp }[] = [
  {
    what: 'a SIGNL4 webhook address, whose last part is the team secret',
    shape: /connect\.signl4\.com\/(webhook|(api\/)?v2\/events)\/[^\s{]+/i,
  },
  { what: 'an address that carries a signature', shape: /[?&](sig|code)=[A-Za-z0-9%+/_=-]{16,}/ },
  { what: 'an address with a password', shape: /\/\/[^\s/@:]+:[^\s/@]+@/ },
  { what: 'a storage or service bus key', shape: /(AccountKey|SharedAccessKey)=[A-Za-z0-9+/=]{20,}/i },
  { what: 'a signed token (JWT)', shape: /eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}/ },
  {
    what: 'an Entra client secret',
    shape: /(^|[^A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}($|[^A-Za-z0-9_~.-])/,
  },
  { what: 'a bearer token', shape: /\bBearer [A-Za-z0-9._~+/-]{20,}/i },
  { what: 'a password of basic authentication', shape: /\bBasic [A-Za-z0-9+/]{12,}={0,2}$/ },
  { what: 'a private key', shape: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
];

const remedy =
  'Remove it here: API key and team secret are parameters of the deployment, secrets of the relay are environment variables. Then renew it, since a saved file may have been shared.';

/** Everything in the document that looks like a secret, by name or by shape. */
export function findSecrets(root: Json, path: Path = []): readonly ConfigProblem[] {
  if (Array.isArray(root)) return root.flatMap((item, index) => findSecrets(item, [...path, index]));
  if (isJsonObject(root)) {
    return Object.entries(root).flatMap(([key, value]) => {
      const here = [...path, key];
      if (value === undefined) return [];
      return isSecretName(key) &&
        (typeof value === 'string' || typeof value === 'number') &&
        !freeNames.test(formatPath(path))
        ? [found(`"${key}" is a secret`, here, 'key')]
        : [
            ...findSecrets(key, here).map((problem) => ({ ...problem, at: 'key' as const })),
            ...findSecrets(value, here),
          ];
    });
  }
  if (typeof root !== 'string') return [];
  const match = secretShapes.find(({ shape }) => shape.test(root));
  return match ? [found(`this looks like ${match.what}`, path, 'value')] : [];
}

function isSecretName(key: string): boolean {
  return secretNames.has(key.toLowerCase().replaceAll(/[-_ ]/g, ''));
}

function found(message: string, path: Path, at: ConfigProblem['at']): ConfigProblem {
  return { code: 'config.secret', message: `${message}, and secrets do not belong in this file`, path, at, remedy };
}
