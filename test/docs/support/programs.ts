import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { parse } from 'yaml';
import manifest from '../../../package.json' with { type: 'json' };
import type { Files } from '../../../src/generator/output.ts';
import { openApiDocument } from '../../../src/relay/openapi.ts';
import { read, root } from './pages.ts';
import type { OtherCommand } from './tool.ts';

/*
 * Commands of other programs, as pages show them: none is run. Each must be a command that the program has, with options that it
 * knows, and the files and parameters that it names must be among what `build` writes.
 */

/** What `build` wrote with the page, for the files that a command names. */
export type Context = OtherCommand & { readonly files: Files };
type Check = (args: readonly string[], context: Context) => string | undefined;

/** Commands of the Azure CLI to their options. Source: https://learn.microsoft.com/cli/azure/reference-index */
const az: Readonly<Record<string, readonly string[]>> = {
  login: ['tenant'],
  'ad app create': ['display-name', 'query', 'output'],
  'ad app federated-credential create': ['id', 'parameters'],
  'ad sp create': ['id'],
  'bicep install': [],
  'ad app credential delete': ['id', 'key-id'],
  'ad app credential list': ['id', 'query', 'output'],
  'ad app delete': ['id'],
  'ad sp show': ['id', 'query', 'output'],
  'deployment group create': ['resource-group', 'template-file', 'parameters'],
  'functionapp deployment source config-zip': ['resource-group', 'name', 'src'],
  'role assignment delete': ['assignee', 'scope'],
  'role definition delete': ['name'],
};

function azProblem(args: readonly string[], context: Context): string | undefined {
  const at = args.findIndex((arg) => arg.startsWith('-'));
  const name = args.slice(0, at < 0 ? undefined : at).join(' ');
  const known = az[name];
  if (!known) return `az has no command "${name}", or it is not in the table`;
  const options = optionsOf(args.slice(at < 0 ? args.length : at));
  const odd = [...options].find(([option, values]) => !known.includes(option) || values.length === 0);
  if (odd) return `az ${name}: --${odd[0]} is not known or has no value`;
  const [template] = options.get('template-file') ?? [];
  if (template === undefined) return undefined;
  const content = fileOf(template, context);
  if (content === undefined) return `there is no template ${template}`;
  const { parameters } = JSON.parse(content) as { parameters: Readonly<Record<string, unknown>> };
  const unknown = (options.get('parameters') ?? []).find(
    (each) => !Object.hasOwn(parameters, each.split('=')[0] ?? ''),
  );
  return unknown === undefined ? undefined : `${template} has no parameter ${unknown.split('=')[0]}`;
}

/** `--name value value` to its values. */
function optionsOf(args: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const options = new Map<string, string[]>();
  let values: string[] = [];
  for (const arg of args) {
    if (arg.startsWith('--')) {
      values = [];
      options.set(arg.slice(2), values);
    } else values.push(arg);
  }
  return options;
}

/** A guide of `build` is beside the file, a page of the repository names it below dist/. */
function fileOf(path: string, { page, files }: Context): string | undefined {
  const isGuide = files.has(page.path);
  const found = files.get(isGuide ? posix.join(posix.dirname(page.path), path) : path.replace(/^dist\//, ''));
  return found === undefined ? undefined : String(found);
}

/** Options of curl to whether a value follows. Source: https://curl.se/docs/manpage.html */
const curl: Readonly<Record<string, boolean>> = { '-s': false, '-X': true, '-H': true, '-d': true };
const relayPaths = new Set([...Object.keys(openApiDocument('0').paths), '/openapi.json']);

const curlProblem: Check = (args) => {
  const addresses: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) addresses.push(arg);
    else if (!Object.hasOwn(curl, arg)) return `curl ${arg} is not in the table`;
    else if (curl[arg] && args[++at] === undefined) return `curl ${arg} lacks its value`;
    else if (arg === '-d') JSON.parse(args[at] ?? '');
  }
  const [address = '', ...more] = addresses;
  if (more.length > 0) return 'curl has two addresses';
  const relay = /^(?:<relay>|http:\/\/localhost:8080)(\/.*)$/.exec(address)?.[1];
  if (relay !== undefined) return relayPaths.has(relay) ? undefined : `the relay has no ${relay}`;
  return /^\$SIGNL4_(SANDBOX\/sandbox|SITE_URL$)/.test(address) ? undefined : `curl asks ${address}`;
};

/** Commands of Docker Compose to their options. Source: https://docs.docker.com/reference/cli/docker/compose/ */
const compose: Readonly<Record<string, readonly string[]>> = {
  cp: [],
  exec: [],
  logs: [],
  stop: [],
  up: ['-d', '--build'],
};
const services = Object.keys((parse(read('templates/relay/compose.yaml')) as { services: object }).services);

const dockerProblem: Check = ([first, command = '', ...rest], context) => {
  const options = compose[command];
  if (first !== 'compose' || !options) return `docker ${first} ${command} is not in the table`;
  if (command === 'exec') {
    const [service = '', ...words] = rest;
    return services.includes(service) ? problemOf({ ...context, words }) : `there is no service ${service}`;
  }
  if (command === 'cp' && !services.includes(rest[0]?.split(':')[0] ?? '')) return `there is no service ${rest[0]}`;
  const odd = command === 'cp' ? undefined : rest.find((each) => !options.includes(each));
  return odd === undefined ? undefined : `docker compose ${command} ${odd} is not in the table`;
};

const nodeProblem: Check = (args) => {
  const [script = '', ...rest] = args.filter((arg) => arg !== '--env-file=relay.env');
  if (['--version', '-e', ''].includes(script)) return undefined;
  if (script === 'relay.mjs') return relayCommandProblem(rest);
  return existsSync(root + script) ? undefined : `there is no ${script}`;
};

/** Commands of relay.mjs: src/relay/operate/command-line.ts. */
function relayCommandProblem(args: readonly string[]): string | undefined {
  const line = args.join(' ');
  const isKnown =
    /^(|--help|backup \S+|dead-letters list( --url \S+)?|dead-letters (replay|drop) (--all|\S+)( --url \S+)?)$/.test(
      line,
    );
  return isKnown ? undefined : `relay.mjs has no command "${line}"`;
}

const npmProblem: Check = ([command = '', ...rest]) => {
  if (['ci', 'test', 'install', 'pack'].includes(command)) return undefined;
  const [script = ''] = rest;
  return command === 'run' && Object.hasOwn(manifest.scripts, script) ? undefined : `there is no script "${script}"`;
};

const npxProblem: Check = ([command, ...rest], context) =>
  command === 'node'
    ? nodeProblem(rest, context)
    : command === 'stryker' || command === './signl4-sentinel-<version>.tgz'
      ? undefined
      : `npx ${command} is not in the table`;

/** Options that a script of setup/ takes, read from the script. */
function scriptProblem(script: string, args: readonly string[]): string | undefined {
  const text = read(`templates/setup/${script}`);
  const odd = args.find((arg) =>
    script.endsWith('.sh')
      ? arg.startsWith('--') && !new RegExp(`^ +(--[\\w-]+ \\| )*${arg}( \\||\\))`, 'm').test(text)
      : arg.startsWith('-') && !new RegExp(`\\$${arg.slice(1)}\\b`).test(text),
  );
  return odd === undefined ? undefined : `${script} has no ${odd}`;
}

/** Variables that pages set. */
const environment = read('templates/relay/readme.md');
const isVariable = (name: string) =>
  environment.includes(`\`${name.replace(/_FILE$/, '')}\``) || name === 'PROPERTY_SEED';

const checks: Readonly<Record<string, Check>> = {
  az: azProblem,
  curl: curlProblem,
  docker: dockerProblem,
  node: nodeProblem,
  npm: npmProblem,
  npx: npxProblem,
  bash: ([script = '', ...args]) => scriptProblem(posix.basename(script), args),
  './entra-app.sh': (args) => scriptProblem('entra-app.sh', args),
  './entra-app.ps1': (args) => scriptProblem('entra-app.ps1', args),
  // The code of the relay is the same for all targets.
  zip: ([, ...names], context) =>
    names.find((name) => (fileOf(name, context) ?? context.files.get(`relay/${name}`)) === undefined),
  // Source: https://learn.microsoft.com/connectors/custom-connectors/paconn-cli
  paconn: (args, context) =>
    args.join(' ') === 'login' ||
    (args.join(' ') === 'create --settings settings.json' && context.files.has('connector/settings.json'))
      ? undefined
      : `paconn ${args.join(' ')} is not in the table`,
  openssl: (args) => (args.join(' ') === 'rand -hex 32' ? undefined : 'openssl rand -hex 32 is what pages show'),
  export: (args) => args.map((each) => each.split('=')[0] ?? '').find((name) => !isVariable(name)),
  '.': ([file]) => (file === './sandbox.env' ? undefined : `${file} is read`),
  cat: () => undefined,
  sleep: () => undefined,
  chmod: () => undefined,
  echo: () => undefined,
  printf: () => undefined,
  ':': () => undefined,
};

/** What is wrong with a command line; undefined where nothing is. */
export function problemOf(context: Context): string | undefined {
  const unknown = context.sets.find((name) => !isVariable(name));
  if (unknown) return `${unknown} is a variable that nothing reads`;
  const [program, ...args] = context.words;
  if (program === undefined) return undefined;
  const check = checks[program];
  return check ? check(args, context) : `${program} is not in the table of programs`;
}

/** Cmdlets to their parameters. Source: https://learn.microsoft.com/powershell/module/microsoft.graph.applications */
const cmdlets: Readonly<Record<string, readonly string[]>> = {
  'Connect-MgGraph': ['Scopes'],
  'Get-MgServicePrincipal': ['Filter'],
  'New-MgServicePrincipalAppRoleAssignment': ['ServicePrincipalId', 'PrincipalId', 'ResourceId', 'AppRoleId'],
  'Where-Object': ['eq'],
};

/** The same for a block of PowerShell. */
export function powershellProblems(block: string): readonly string[] {
  const bare = block.replaceAll(/'[^'\n]*'|"[^"\n]*"/g, "''");
  const quotes = /['"]/.test(bare.replaceAll("''", '')) ? ['a quote is not closed'] : [];
  const brackets = ['()', '{}'].flatMap(([open = '', close = '']) =>
    bare.split(open).length === bare.split(close).length ? [] : [`${open} is not closed`],
  );
  const unknown = [...bare.matchAll(/\b[A-Z][a-z]+-[A-Z]\w+/g)].flatMap(([name]) =>
    Object.hasOwn(cmdlets, name) ? [] : [name],
  );
  const options = [...bare.matchAll(/\b([A-Z][a-z]+-[A-Z]\w+)([^|\n]*)/g)].flatMap(([, name = '', rest = '']) =>
    [...rest.matchAll(/ -(\w+)/g)].flatMap(([, option = '']) =>
      (cmdlets[name] ?? []).includes(option) ? [] : [`${name} -${option}`],
    ),
  );
  return [...quotes, ...brackets, ...unknown, ...options];
}

/** Placeholders of a command line that are not in the one form, `<like-this>`. */
export function oddPlaceholders(text: string): readonly string[] {
  const bare = text.replaceAll(/\$\{?\w+\}?|\b[A-Z0-9_]+=/g, '');
  return [...bare.matchAll(/<[^>\n]*>|…|\.{3}|\b(?:YOUR|MY)[-_ ]\w+/g)]
    .map(([found]) => found)
    .filter((found) => !/^<[a-z]+(-[a-z]+)*>$/.test(found));
}
