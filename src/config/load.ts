import { UserError } from '../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject, listOf } from '../domain/json.ts';
import { OWN_RULE_TITLE } from '../domain/own-rules.ts';
import { checkConfig } from './check.ts';
import type { Config, Target } from './config.ts';
import { mergeOver, ownMember, withDefaults } from './defaults.ts';
import { place, readDocument } from './document.ts';
import { type ExplainedFile, explainAll } from './explain.ts';
import { ConfigError, type ConfigProblem, configError, MOST_PROBLEMS, type Path } from './problem.ts';
import { configSchema } from './schema.ts';
import { findSecrets } from './secrets.ts';
import { checkTargetNames, checkTargetRelays } from './targets.ts';
import { shapeErrors } from './validator.ts';

/**
 * Reads the text of a `signl4.yaml` (YAML 1.2; JSON is YAML too) and fills in every default.
 * `fileName` is what messages call the file.
 * @throws ConfigError with everything that is wrong: syntax, unknown keys, wrong values, contradictions, secrets.
 */
export function loadConfig(text: string, fileName: string): Config {
  assertReadable(text, fileName);
  const document = readDocument(text, fileName);
  const root = document.root;
  const secrets = findSecrets(root);
  const errors = shapeErrors(root);
  const shape = explainAll(errors, root, configFile, document.typed).filter(
    ({ path }) => !secrets.some((secret) => isSamePath(secret.path, path)),
  );
  const isCut = errors.length > MOST_PROBLEMS;
  const sound = isCut ? {} : without(root, [...secrets, ...shape]);
  const { config, problems } = assemble(isJsonObject(sound) ? sound : {});
  // A section that lost an invalid member would also be reported as incomplete.
  const independent = problems.filter(
    ({ path }) => !shape.some((cause) => isSamePath(cause.path.slice(0, path.length), path)),
  );
  const placed = [...secrets, ...shape, ...independent].map((problem) => place(problem, document, fileName));
  const error = configError([...document.problems, ...placed]);
  if (error) throw error;
  return config;
}

const configFile: ExplainedFile = {
  schema: configSchema,
  codes: 'config',
  otherFile:
    'This is not a signl4.yaml, which has lines such as "company: Contoso"; "signl4-sentinel init" writes one.',
};

/** Azure accepts templates of 4 MB, so a larger configuration could not be deployed. */
const MOST_BYTES = 4 * 1024 * 1024;
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** @throws ConfigError for a file that is too large to be deployed, naming its largest part */
function assertReadable(text: string, file: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_BYTES) return;
  const [largest] = text
    .split(/^(?=[A-Za-z]\w*:)/m)
    .map((part) => ({ key: /^\w+(?=:)/.exec(part)?.[0], bytes: Buffer.byteLength(part) }))
    .sort((a, b) => b.bytes - a.bytes);
  const advice =
    largest?.key === undefined
      ? 'Is this the right file?'
      : `Shorten "${largest.key}" first: it alone has ${megabytes(largest.bytes)}.`;
  const remedy = `${advice} Many workspaces fit into several files, each built with its own --config and --out.`;
  const message = `the file has ${megabytes(bytes)}; ${megabytes(MOST_BYTES)} are allowed`;
  throw new ConfigError([new UserError('config.too-large', message, { where: { file }, remedy })]);
}

/** The configuration, and problems that only show in the complete common part and targets. */
function assemble(root: JsonObject): { config: Config; problems: readonly ConfigProblem[] } {
  const { targets: _, ...common } = root;
  const entries = listOf(root['targets']).map((target) => (isJsonObject(target) ? target : {}));
  const targets = entries.map((entry): Target => {
    const { name, ...own } = entry;
    return { name: String(name ?? ''), config: complete(mergeOver(common, own), []) };
  });
  const config = complete(common, targets);
  const shared = checkConfig(config);
  const problems = [
    ...shared,
    ...targets.flatMap((target, index) => problemsOf(target, index, shared)),
    ...checkTargetNames(entries.map(({ name }) => (typeof name === 'string' ? name : undefined))),
    ...checkTargetRelays(targets.map((target) => target.config.relay.azure.app)),
  ];
  return { config, problems };
}

/** The schema has accepted the value and filled in its defaults, so it has the shape of `Config` (a test compares the two). */
function complete(common: Json | undefined, targets: readonly Target[]): Config {
  const filled = withDefaults(configSchema, common) as unknown as Config;
  return {
    ...filled,
    filter: withoutOwnIncidents(filled.filter),
    workspace: filled.workspace,
    relay: { ...filled.relay, url: relayUrl(filled.relay) },
    targets,
  };
}

/** A list in the file replaces the default one, but incidents about failed paging must never be paged. */
function withoutOwnIncidents(filter: Config['filter']): Config['filter'] {
  const { titleExcludes } = filter;
  return titleExcludes.includes(OWN_RULE_TITLE)
    ? filter
    : { ...filter, titleExcludes: [...titleExcludes, OWN_RULE_TITLE] };
}

/** Azure's default address of a function app; other clouds use other domains. */
function relayUrl({ url, azure }: Config['relay']): string {
  return url === '' && azure.app !== '' ? `https://${azure.app.toLowerCase()}.azurewebsites.net` : url;
}

/** Problems of a target that the common part does not have already. */
function problemsOf(target: Target, index: number, shared: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return checkConfig(target.config)
    .filter(({ path, message }) => !shared.some((said) => said.message === message && isSamePath(said.path, path)))
    .map((problem) => ({ ...problem, path: ['targets', index, ...problem.path] }));
}

/** The value without its invalid parts, so that the rest can be checked: removes the nearest named member of each problem. */
function without(root: Json, problems: readonly ConfigProblem[]): Json {
  return problems.reduce<Json>((value, { path }) => {
    const named = path.findLastIndex((step) => typeof step === 'string');
    return named < 0 ? (path.length === 0 ? {} : value) : remove(value, path.slice(0, named + 1));
  }, root);
}

function remove(value: Json, path: Path): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? remove(item, rest) : item));
  if (!isJsonObject(value) || typeof step !== 'string') return value;
  const { [step]: current, ...others } = value;
  if (rest.length === 0) return others;
  const next = ownMember(value, step) === undefined ? undefined : current;
  return next === undefined ? value : { ...value, [step]: remove(next, rest) };
}

function isSamePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}
