import { initText } from '../config/init-text.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../config/problem.ts';
import type { UserError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { parseSeverity, severities } from '../domain/severity.ts';

type Ask = (question: string) => Promise<string | undefined>;

interface Question {
  /** The section that it fills, where something else may have filled it before. */
  readonly answers?: string;
  readonly text: string;
  /** What an answer adds to the file; undefined for an answer that cannot be understood. */
  readonly read: (answer: string) => JsonObject | undefined;
  /** Questions that only arise from the answer. */
  readonly followUps?: readonly Question[];
}

const RESOURCE_ID =
  /^\/subscriptions\/(?<subscriptionId>[^/]+)\/resourceGroups\/(?<resourceGroup>[^/]+)\/providers\/Microsoft\.OperationalInsights\/workspaces\/(?<name>[^/]+)\/?$/i;

/** What only the user knows, and the few choices that nearly everybody makes. Enter alone keeps the default. */
const questions: readonly Question[] = [
  { text: 'Company name on the alerts? (none)', read: (answer) => ({ company: answer }) },
  {
    answers: 'workspace',
    text: 'Resource ID of the Log Analytics workspace? (chosen at deployment; portal: workspace, Overview, JSON View)',
    read: (answer) => {
      const parts = RESOURCE_ID.exec(answer)?.groups;
      return parts && { workspace: { ...parts } };
    },
    followUps: [
      { text: 'Workspace ID, the GUID on the same page?', read: (answer) => ({ workspace: { workspaceId: answer } }) },
      {
        text: 'Tenant ID? (portal: Microsoft Entra ID, Overview)',
        read: (answer) => ({ workspace: { tenantId: answer } }),
      },
    ],
  },
  {
    text: `Severities that page somebody? (${severities.join(', ')})`,
    read: (answer) => ({ filter: { severities: wordsOf(answer).map((word) => parseSeverity(word) ?? word) } }),
  },
  { text: 'Tag for forwarded incidents? (SIGNL4)', read: (answer) => ({ tag: answer }) },
  {
    text: 'Relay? A name for one that deploy brings to Azure, unique in the world, or the address of one that is there (none)',
    read: (answer) => ({ relay: answer.includes(':') ? { url: answer } : { azure: { app: answer } } }),
  },
];

/** Asks until every answer is valid by itself; what is known already is not asked. At the end of input the remaining questions keep their defaults. */
export async function askAnswers(ask: Ask, note: (text: string) => void, known: JsonObject = {}): Promise<JsonObject> {
  let answers = known;
  const open = questions.filter(({ answers: name }) => name === undefined || known[name] === undefined);
  for (let question = open.shift(); question; question = open.shift()) {
    const answer = (await ask(question.text))?.trim();
    if (answer === undefined) break;
    if (answer === '') continue;
    const added = question.read(answer);
    const complaint = added ? complaintAbout(added) : 'this is not a resource ID of a workspace';
    if (added && complaint === undefined) {
      answers = merged(answers, added);
      open.unshift(...(question.followUps ?? []));
    } else {
      note(`  ${complaint}`);
      open.unshift(question);
    }
  }
  return withoutHalfWorkspace(answers, note);
}

function withoutHalfWorkspace(answers: JsonObject, note: (text: string) => void): JsonObject {
  const { workspace, ...others } = answers;
  if (workspace === undefined || problemsOf(answers).length === 0) return answers;
  note('  The workspace is incomplete, so it is left out; it can be chosen at deployment.');
  return others;
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
    const before = answers[key];
    const isSection = typeof before === 'object' && typeof value === 'object' && !Array.isArray(value);
    return [key, isSection ? { ...before, ...value } : value] as const;
  });
  return { ...answers, ...Object.fromEntries(sections) };
}

function wordsOf(answer: string): readonly string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== '');
}
