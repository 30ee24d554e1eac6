import type { Json, JsonObject } from '../domain/json.ts';
import { type ActionNode, ancestors } from '../engine/model.ts';
import { WdlError } from '../wdl/errors.ts';
import { parseTemplate } from '../wdl/parse.ts';
import { objectAt, textAt } from './json-walk.ts';
import type { Api, WorkflowSubject } from './workflow-subject.ts';

/** An action that calls something outside the workflow. */
export interface Call {
  readonly node: ActionNode;
  readonly inputs: JsonObject;
  /** In lower case; '' if this kind of action has none. */
  readonly method: string;
  /** Key of its connection in `$connections`; undefined for HTTP and other built-in actions. */
  readonly connection: string | undefined;
  readonly api: Api | undefined;
}

const CALLING_TYPES = new Set([
  'Http',
  'ApiConnection',
  'ApiConnectionWebhook',
  'HttpWebhook',
  'Function',
  'ApiManagement',
  'Workflow',
]);
const CONNECTION_NAME = /^@\{?parameters\('\$connections'\)\??(?:\['([^']+)'\]|\.([A-Za-z_]\w*))/;

export function callsOf({ model, apiOf }: WorkflowSubject): Call[] {
  return model.nodes
    .filter(({ type }) => CALLING_TYPES.has(type))
    .map((node) => {
      const { type } = node;
      const inputs = objectAt(node.action as unknown as Json, 'inputs');
      // Ignore members of an HTTP action that belong to other kinds of actions (host and path).
      const connection = type === 'Http' ? undefined : connectionKey(inputs);
      return {
        node,
        inputs,
        method: (textAt(inputs, 'method') ?? '').toLowerCase(),
        connection,
        api: connection === undefined ? undefined : apiOf(connection),
      };
    });
}

/** `@parameters('$connections')['azuresentinel']['connectionId']` -> `azuresentinel` */
export function connectionKey(inputs: JsonObject): string | undefined {
  const match = CONNECTION_NAME.exec(textAt(inputs, 'host', 'connection', 'name') ?? '');
  return match?.[1] ?? match?.[2];
}

/** POST operations of `azuresentinel` that only read: incidents by id, entities by kind. */
const READING_POST = /^\/entities\/|^\/Incidents$/i;

/** Whether a call may change something. */
export function isWrite({ node: { type, action } }: Pick<Call, 'node'>): boolean {
  const inputs = objectAt(action as unknown as Json, 'inputs');
  if (type === 'Function' || type === 'Workflow') return true;
  if (type !== 'Http' && type !== 'ApiConnection') return false;
  const method = (textAt(inputs, 'method') ?? 'get').toLowerCase();
  if (method === 'post' && READING_POST.test(textAt(inputs, 'path') ?? '')) return false;
  return !['get', 'head', 'options'].includes(method);
}

/** Whether something runs if the action, or a container around it, fails. */
export function isFailureHandled(node: ActionNode): boolean {
  return [node, ...ancestors(node)].some((one) =>
    one.branch.nodes.some((other) => {
      const states = other.runAfter.get(one.id) ?? [];
      return states.includes('Failed') || states.includes('TimedOut');
    }),
  );
}

/** Placeholder for parts of a string that are only known in a run. */
export const HOLE = '\u0000';

/** The literal text of a template with `HOLE` for each expression; undefined if it is a single expression, or invalid. */
export function withHoles(text: string): string | undefined {
  try {
    const template = parseTemplate(text);
    if (template.kind === 'literal') return template.text;
    if (template.kind === 'expression') return undefined;
    return template.parts.map((part) => (typeof part === 'string' ? part : HOLE)).join('');
  } catch (error) {
    if (error instanceof WdlError) return undefined;
    throw error;
  }
}

/**
 * How well a call's path matches the path of a definition, `/v2/events/{teamSecret}`: undefined if it does not, otherwise the
 * number of segments that only match by chance (an expression for a literal, or a literal for a parameter). Ignores case.
 */
export function pathDistance(written: string, declared: string): number | undefined {
  const [path = '', other = ''] = [written, declared].map((one) => one.split('?')[0]);
  const right = other.replace(/\/+$/, '').split('/');
  const bare = path.replace(/\/+$/, '').split('/');
  // A segment that is empty because a deployment parameter has no value may be anything, even at the end.
  const left = bare.length === right.length ? bare : path.split('/');
  if (left.length !== right.length) return undefined;
  let distance = 0;
  for (const [index, segment] of left.entries()) {
    const declaredSegment = right[index] ?? '';
    const isOpen = segment.includes(HOLE) || (segment === '' && index > 0);
    const isParameter = /^\{[^}]*\}$/.test(declaredSegment);
    if (isOpen !== isParameter) distance++;
    if (!isOpen && !isParameter && segment.toLowerCase() !== declaredSegment.toLowerCase()) return undefined;
  }
  return distance;
}
