import { answersText, initText } from '../config/init-text.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../config/problem.ts';
import type { UserError } from '../domain/errors.ts';
import { isJsonObject, type JsonObject, member, textOf } from '../domain/json.ts';
import { parseSeverity, severities } from '../domain/severity.ts';
import { cut } from '../domain/text.ts';
import type { KnownToAzure } from './init-offers.ts';
import { Interrupted } from './interrupted.ts';

type Ask = (question: string) => Promise<string | undefined>;
type Note = (text: string) => void;

interface Question {
  readonly text: string;
  /** What Enter alone does, in words. */
  readonly enter: string;
  /** What Enter alone adds, where that is more than nothing. */
  readonly offer?: JsonObject | undefined;
  /** What a group lacks where this stays open: a member of the file. */
  readonly needed?: string;
  /** Whether "none" says the same as Enter. */
  readonly mayBeNone?: true;
  /** What an answer adds to the file, or what is wrong with it. */
  readonly read: (answer: string) => JsonObject | string;
  /** The section that it fills: not asked where another question has filled it. */
  readonly fills?: string;
  /** Questions that only arise from an answer. */
  readonly followUps?: (added: JsonObject) => readonly Question[];
  /** The most questions that {@link followUps} gives. */
  readonly mostFollowUps?: number;
}

/** What the person said. */
export interface Answers {
  readonly answers: JsonObject;
  /** Members that a group of answers lacks, `workspace.tenantId`. */
  readonly missing: readonly string[];
}

/** Wherever it is: in quotes, in a line of JSON, in an address of the portal. */
const RESOURCE_ID =
  /\/subscriptions\/(?<subscriptionId>[^/\s]+)\/resourceGroups\/(?<resourceGroup>[^/\s]+)\/providers\/Microsoft\.OperationalInsights\/workspaces\/(?<name>[^/\s"',?#]+)/i;
const EXAMPLE_ID =
  '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc';
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** What only the user knows, and the few choices that nearly everybody makes. */
function questions(known: KnownToAzure): readonly Question[] {
  return [
    ...(known.workspaces.length > 0 ? [choice(known)] : []),
    { text: 'Company name on the alerts?', enter: 'none', mayBeNone: true, read: (answer) => ({ company: answer }) },
    workspace(known),
    {
      text: `Severities that page somebody? ${severities.join(', ')}, or all.`,
      enter: 'all of them',
      read: (answer) => ({ filter: { severities: severitiesIn(answer) } }),
    },
    { text: 'Tag for forwarded incidents?', enter: 'SIGNL4', read: (answer) => ({ tag: answer }) },
    {
      text: 'Relay? A name for one that deploy brings to Azure, unique in the world, or the address of one that is there.',
      enter: 'none',
      mayBeNone: true,
      read: (answer) => ({ relay: answer.includes(':') ? { url: answer } : { azure: { app: answer } } }),
    },
  ];
}

/** One of the workspaces that the account sees, by its number. */
function choice(known: KnownToAzure): Question {
  const { workspaces } = known;
  return {
    text: `Which workspace? 1 to ${workspaces.length}, or the resource ID of another.`,
    enter: 'none of them',
    mayBeNone: true,
    read: (answer) => {
      const found = /^\d+$/.test(answer) ? workspaces[Number(answer) - 1] : undefined;
      if (found) return workspaceOf(found);
      return RESOURCE_ID.test(answer) ? readResourceId(answer) : `"${answer}" is none of 1 to ${workspaces.length}`;
    },
    followUps: (added) => rest(added, known),
  };
}

function workspace(known: KnownToAzure): Question {
  return {
    text: 'Resource ID of the Log Analytics workspace? Portal: the workspace, Overview, JSON View.',
    enter: 'chosen at deployment',
    fills: 'workspace',
    mayBeNone: true,
    read: readResourceId,
    followUps: (added) => rest(added, known),
    mostFollowUps: 2,
  };
}

function readResourceId(answer: string): JsonObject | string {
  const parts = RESOURCE_ID.exec(answer)?.groups;
  if (parts) return { workspace: { ...parts } };
  return `expected the resource ID of a workspace, got "${cut(answer, 100)}". For example "${EXAMPLE_ID}"`;
}

function workspaceOf({ subscription: _, ...found }: KnownToAzure['workspaces'][number]): JsonObject {
  return { workspace: { ...found } };
}

/** What a resource ID does not say of its workspace; what Azure knows of it is offered. */
function rest(added: JsonObject, known: KnownToAzure): readonly Question[] {
  const given = isJsonObject(added['workspace']) ? added['workspace'] : {};
  const { workspaceId, tenantId } = known.about(textOf(given['subscriptionId']) ?? '', textOf(given['name']) ?? '');
  const open: readonly (Question & { readonly needed: string })[] = [
    guidQuestion('workspaceId', 'Workspace ID, the GUID on the same page?', workspaceId),
    guidQuestion('tenantId', 'Tenant ID? Portal: Microsoft Entra ID, Overview.', tenantId),
  ];
  return open.filter(({ needed }) => given[needed.replace('workspace.', '')] === undefined);
}

function guidQuestion(name: string, text: string, known: string | undefined): Question & { readonly needed: string } {
  const added = (guid: string) => ({ workspace: { [name]: guid } });
  return {
    text,
    enter: known === undefined ? 'leave it open' : `${known}, which Azure has`,
    ...(known !== undefined && { offer: added(known) }),
    needed: `workspace.${name}`,
    mayBeNone: true,
    read: (answer) => added(GUID.exec(answer)?.[0] ?? answer),
  };
}

const EVERY = /^(all|any|every|everything|\*)$/i;

/** Any case, with spaces, commas or "and" between. */
function severitiesIn(answer: string): readonly string[] {
  const words = answer.split(/[\s,;|/&+[\]"']+/).filter((word) => word !== '' && !/^(and|or)$/i.test(word));
  if (words.some((word) => EVERY.test(word))) return severities;
  return [...new Set(words.map((word) => parseSeverity(word) ?? word))];
}

/**
 * Asks until every answer is valid by itself.
 * @throws Interrupted at Ctrl-C and at the end of input, with the answers so far as lines of a configuration
 */
export async function askAnswers(ask: Ask, note: Note, known: KnownToAzure): Promise<Answers> {
  let said: Answers = { answers: {}, missing: [] };
  let open = questions(known);
  for (let asked = 1; ; asked++) {
    open = open.filter(({ fills }) => fills === undefined || said.answers[fills] === undefined);
    const [question, ...others] = open;
    if (!question) return said;
    const total = open.reduce((sum, { mostFollowUps = 0 }) => sum + 1 + mostFollowUps, asked - 1);
    const prompt = `${asked} of ${total}: ${question.text} (Enter: ${question.enter})`;
    const added = await answerTo(question, prompt, ask, note).catch((error: unknown) => {
      throw error instanceof Interrupted ? interrupted(said) : error;
    });
    const wanted = added ?? question.offer;
    if (wanted === undefined && question.needed !== undefined) {
      said = { ...said, missing: [...said.missing, question.needed] };
      note(`  ${question.needed} is missing then. The file keeps the rest and marks the place; "build" needs it.`);
    }
    if (wanted !== undefined) said = { ...said, answers: merged(said.answers, wanted) };
    open = [...(wanted === undefined ? [] : (question.followUps?.(wanted) ?? [])), ...others];
  }
}

/** Undefined for Enter alone. @throws Interrupted */
async function answerTo(question: Question, prompt: string, ask: Ask, note: Note): Promise<JsonObject | undefined> {
  for (;;) {
    const line = await ask(prompt);
    if (line === undefined) throw new Interrupted();
    const answer = unquoted(line);
    if (answer === '' || (question.mayBeNone && /^(none|no|n|-)$/i.test(answer))) return undefined;
    const read = question.read(answer);
    const complaint = typeof read === 'string' ? read : complaintAbout(read);
    if (typeof read !== 'string' && complaint === undefined) return read;
    note(`  ${complaint}`);
  }
}

/** What `az … --query id` and JSON put around a value: quotes, and a comma behind. */
function unquoted(line: string): string {
  const text = line.trim();
  const inQuotes = /^(["'`“”‘’])(.*)["'`“”‘’],?$/.exec(text)?.[2];
  return (inQuotes ?? text).trim();
}

function interrupted({ answers, missing }: Answers): Interrupted {
  return new Interrupted('Interrupted. Nothing was written.', keptAnswers({ answers, missing }));
}

/** The answers for a person whose file could not be written; undefined where there are none. */
export function keptAnswers({ answers, missing }: Answers): string | undefined {
  if (Object.keys(answers).length === 0) return undefined;
  return `Your answers, as lines of signl4.yaml (paste them as they are):\n\n${answersText(answers, missing)}`;
}

/** What the configuration's own rules say about one answer; an unfinished workspace is still being asked for. */
function complaintAbout(answer: JsonObject): string | undefined {
  const problem = problemsOf(answer).find(({ code }) => code !== 'config.missing');
  return problem && [problem.message, problem.remedy].filter(Boolean).join('. ');
}

function problemsOf(answers: JsonObject): readonly UserError[] {
  try {
    loadConfig(initText(answers, ''), '');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Answers differ in their sections or add members to one. */
function merged(answers: JsonObject, added: JsonObject): JsonObject {
  const sections = Object.entries(added).map(([key, value]) => {
    const before = member(answers, key);
    return [key, isJsonObject(before) && isJsonObject(value) ? { ...before, ...value } : value] as const;
  });
  return { ...answers, ...Object.fromEntries(sections) };
}
