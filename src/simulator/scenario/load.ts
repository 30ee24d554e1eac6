import { isMap, parseDocument } from 'yaml';
import { playbooks } from '../../../playbooks/index.ts';
import { type Config, defaultConfig } from '../../config/config.ts';
import { type ConfigDocument, place, readDocument } from '../../config/document.ts';
import { loadConfig } from '../../config/load.ts';
import { ConfigError, type ConfigProblem, configError, formatPath, type Path } from '../../config/problem.ts';
import type { UserError } from '../../domain/errors.ts';
import { type Json, type JsonObject, listOf, member, memberAt } from '../../domain/json.ts';
import { nearest } from '../../domain/text.ts';
import { durationOf } from './duration.ts';
import { readAnswers, readEnvironment, readExpectation, readStep } from './read.ts';
import type { Scenario, Step } from './scenario.ts';
import { subjects } from './schema-subjects.ts';
import { verbs } from './schema-verbs.ts';
import { shapeProblems } from './shape.ts';

/** How long a story continues after its last step by default. */
const AFTERMATH_MS = 600_000;

/**
 * Parses a scenario file (YAML).
 * @throws ConfigError with all problems and their positions: syntax, unknown keys, wrong values, undefined names, steps that go
 * back in time, and problems of its config
 */
export function loadScenario(text: string, fileName: string): Scenario {
  const document = readDocument(text, fileName);
  const { root } = document;
  const shape = shapeProblems(root, document.typed);
  const meaning =
    shape.length > 0 ? [] : [...oneOfEach(root), ...checkNames(root), ...checkTimes(root), ...somethingHappens(root)];
  const configs = readConfigs(text, fileName, root);
  const placed = [...shape, ...meaning].map((problem) => place(problem, document, fileName));
  const problems = [...document.problems, ...placed, ...configs.problems.map(asPlaced)];
  const error = configError(problems);
  if (error) throw error;
  return assemble(root as JsonObject, document, configs.at);
}

function assemble(root: JsonObject, document: ConfigDocument, configAt: (path: Path) => Config): Scenario {
  let now = 0;
  const steps = listOf(root['steps']).map((entry, index): Step => {
    const [at, after] = [member(entry, 'at'), member(entry, 'after')];
    now = at === undefined ? now + durationOf(after ?? 0) : durationOf(at);
    const { line } = document.locate(['steps', index], 'value');
    return readStep(entry as JsonObject, { at: now, line }, () => configAt(['steps', index, 'config']));
  });
  const { until } = root;
  return {
    title: String(root['title']),
    story: String(root['story'] ?? '').trim(),
    shows: listOf(root['shows']).map(Number),
    config: configAt(['config']),
    environment: readEnvironment(root['stage']),
    answers: readAnswers(root['logs']),
    steps,
    until: until === undefined ? now + AFTERMATH_MS : durationOf(until),
    expect: listOf(root['expect']).map((entry, index) =>
      readExpectation(entry as JsonObject, document.locate(['expect', index], 'value').line),
    ),
  };
}

/** A story without steps needs an end. */
function somethingHappens(root: Json): readonly ConfigProblem[] {
  if (listOf(member(root, 'steps')).length > 0 || member(root, 'until') !== undefined) return [];
  const isEmpty = member(root, 'steps') !== undefined;
  return [
    {
      code: isEmpty ? 'scenario.empty' : 'scenario.missing',
      message: isEmpty ? 'the list is empty' : 'the story has neither steps nor an end',
      path: isEmpty ? ['steps'] : [],
      at: 'value',
      remedy: 'Add "steps: …", or "until: 1h" for a story in which nothing happens.',
    },
  ];
}

/** Exactly one verb in a step, exactly one subject in an expectation. */
function oneOfEach(root: Json): readonly ConfigProblem[] {
  const check = (list: string, allowed: Readonly<Record<string, unknown>>, what: string) =>
    listOf(member(root, list)).flatMap((entry, index): ConfigProblem[] => {
      const found = Object.keys(entry as object).filter((key) => key in allowed);
      if (found.length === 1) return [];
      const message =
        found.length === 0 ? `this says nothing ${what}` : `this says more than one thing: ${found.join(', ')}`;
      const remedy = found.length === 0 ? `Add one of ${Object.keys(allowed).join(', ')}.` : 'Make an entry of each.';
      return [{ code: 'scenario.one-thing', message, path: [list, index], at: 'value', remedy }];
    });
  return [...check('steps', verbs, 'that happens'), ...check('expect', subjects, 'that must be true')];
}

/** Incidents must have been introduced by an earlier step; playbooks must exist. */
function checkNames(root: Json): readonly ConfigProblem[] {
  const known: string[] = [];
  const problems: ConfigProblem[] = [];
  const unknown = (kind: string, name: string, names: readonly string[], path: Path) => {
    const guess = nearest(name, names);
    const remedy = guess ? `Did you mean "${guess}"?` : `Known: ${names.join(', ') || 'none yet'}.`;
    problems.push({
      code: `scenario.unknown-${kind}`,
      message: `there is no ${kind} "${name}"`,
      path,
      at: 'value',
      remedy,
    });
  };
  const use = (name: unknown, path: Path) => {
    if (typeof name === 'string' && !known.includes(name)) unknown('incident', name, known, path);
  };
  const usePlaybook = (name: unknown, path: Path) => {
    const responses = Object.values(Object(memberAt(root, 'config', 'respond', 'playbooks')) as object);
    const theirs = responses.map((response) => String(member(response, 'playbook')).split('/').at(-1) ?? '');
    const names = [...playbooks.map((playbook) => playbook.name), ...theirs];
    if (typeof name === 'string' && !names.includes(name)) unknown('playbook', name, names, path);
  };
  for (const [index, step] of listOf(member(root, 'steps')).entries()) {
    for (const introduced of [memberAt(step, 'incident', 'name'), memberAt(step, 'graphIncident', 'name')])
      if (typeof introduced === 'string') known.push(introduced);
    for (const verb of Object.keys(verbs))
      if (verb !== 'incident') use(memberAt(step, verb, 'incident'), ['steps', index, verb, 'incident']);
    use(memberAt(step, 'incident', 'copyOf'), ['steps', index, 'incident', 'copyOf']);
    use(memberAt(step, 'defender', 'mergeInto'), ['steps', index, 'defender', 'mergeInto']);
    usePlaybook(memberAt(step, 'run', 'playbook'), ['steps', index, 'run', 'playbook']);
  }
  for (const [index, entry] of listOf(member(root, 'expect')).entries()) {
    for (const subject of ['incident', 'graphIncident', 'signl4'])
      use(memberAt(entry, subject, 'name'), ['expect', index, subject, 'name']);
    usePlaybook(memberAt(entry, 'playbook', 'name'), ['expect', index, 'playbook', 'name']);
  }
  return problems;
}

function checkTimes(root: Json): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  let now = 0;
  for (const [index, step] of listOf(member(root, 'steps')).entries()) {
    const [at, after] = [member(step, 'at'), member(step, 'after')];
    const path = ['steps', index, at === undefined ? 'after' : 'at'];
    if (at !== undefined && after !== undefined)
      problems.push({ code: 'scenario.time', message: 'a step has either "at" or "after"', path, at: 'key' });
    const next = at === undefined ? now + durationOf(after ?? 0) : durationOf(at);
    if (next < now)
      problems.push({
        code: 'scenario.time',
        message: 'this happens before the step above it',
        path,
        at: 'value',
        remedy: 'Put the steps in order.',
      });
    now = Math.max(now, next);
  }
  const until = member(root, 'until');
  if (until !== undefined && durationOf(until) < now)
    problems.push({
      code: 'scenario.time',
      message: 'the story ends before its last step',
      path: ['until'],
      at: 'value',
    });
  return problems;
}

/**
 * The configs in the file, each checked as a separate `signl4.yaml`. Everything outside it is blanked, so that line numbers
 * remain those of this file.
 */
function readConfigs(text: string, fileName: string, root: Json) {
  const tree = parseDocument(text, { logLevel: 'silent' });
  const found = new Map<string, Config>();
  const problems: UserError[] = [];
  const paths: Path[] = [
    ['config'],
    ...listOf(member(root, 'steps')).map((_, index): Path => ['steps', index, 'config']),
  ];
  for (const path of paths) {
    const node = tree.getIn(path, true);
    if (!isMap(node) || !node.range) continue;
    const [start, end] = node.range;
    const before = text.slice(0, start).replaceAll(/[^\n]/g, ' ');
    try {
      found.set(formatPath(path), loadConfig(before + text.slice(start, end), fileName));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { at: (path: Path) => found.get(formatPath(path)) ?? defaultConfig, problems };
}

function asPlaced({ code, message, where, remedy }: UserError) {
  return { code, message, where, path: [], at: 'value' as const, ...(remedy !== undefined && { remedy }) };
}
