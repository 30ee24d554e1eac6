import type { CallNode, Expression, Template } from './ast.ts';
import { WdlError } from './errors.ts';
import { parseTemplate } from './parse.ts';

/** One place where a definition refers to something. */
export interface Reference {
  readonly name: string;
  /** The function it is referred to by, as written: `body`, `outputs`, … */
  readonly function: string;
  /** JSON pointer of the string (or of the member whose name is one) in the value that was searched. */
  readonly pointer: string;
}

/** A reference whose name is computed: only a run can tell what it refers to. */
interface DynamicReference {
  readonly function: string;
  readonly pointer: string;
}

export interface References {
  /** Actions, by `body`, `outputs`, `actions`, `result`, form data and multipart functions. */
  readonly actions: readonly Reference[];
  readonly parameters: readonly Reference[];
  readonly variables: readonly Reference[];
  /** Loops, by `items` and `iterationIndexes`. */
  readonly loops: readonly Reference[];
  /** Every function call; `name` and `function` are the name as written. */
  readonly functions: readonly Reference[];
  /** Calls of `trigger`, `triggerBody`, `triggerOutputs` and their kin. */
  readonly trigger: readonly Reference[];
  readonly dynamic: readonly DynamicReference[];
  /** Strings that cannot be read as templates. */
  readonly errors: readonly { readonly pointer: string; readonly error: WdlError }[];
}

type Kind = 'actions' | 'parameters' | 'variables' | 'loops';

const KIND_OF_FUNCTION: Readonly<Record<string, Kind>> = {
  actionbody: 'actions',
  actionoutputs: 'actions',
  actions: 'actions',
  body: 'actions',
  formdatamultivalues: 'actions',
  formdatavalue: 'actions',
  multipartbody: 'actions',
  outputs: 'actions',
  result: 'actions',
  parameters: 'parameters',
  variables: 'variables',
  items: 'loops',
  iterationindexes: 'loops',
};

/** Whether the first argument of a function is the name of an action; a loop is one. */
export function isActionReference(functionName: string): boolean {
  const lower = functionName.toLowerCase();
  const kind = Object.hasOwn(KIND_OF_FUNCTION, lower) ? KIND_OF_FUNCTION[lower] : undefined;
  return kind === 'actions' || kind === 'loops';
}

const TRIGGER_FUNCTIONS = new Set([
  'trigger',
  'triggerbody',
  'triggeroutputs',
  'triggerformdatavalue',
  'triggerformdatamultivalues',
  'triggermultipartbody',
]);

/**
 * What the expressions in a JSON value refer to. Every string is read as a template, member names included, so pass the
 * part of a definition that the runtime evaluates (`inputs`, `expression`, `foreach`, …), not its descriptions.
 */
export function references(value: unknown): References {
  const found = new Collector();
  found.visit(value, '');
  return found;
}

class Collector implements References {
  readonly actions: Reference[] = [];
  readonly parameters: Reference[] = [];
  readonly variables: Reference[] = [];
  readonly loops: Reference[] = [];
  readonly functions: Reference[] = [];
  readonly trigger: Reference[] = [];
  readonly dynamic: DynamicReference[] = [];
  readonly errors: { pointer: string; error: WdlError }[] = [];

  visit(value: unknown, pointer: string): void {
    if (typeof value === 'string') this.#visitText(value, pointer);
    else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        this.visit(item, `${pointer}/${index}`);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const at = `${pointer}${pointerStep(name)}`;
        this.#visitText(name, at);
        this.visit(member, at);
      }
    }
  }

  visitExpression(expression: Expression, pointer: string): void {
    switch (expression.kind) {
      case 'call':
        this.#addCall(expression, pointer);
        for (const arg of expression.args) this.visitExpression(arg, pointer);
        break;
      case 'array':
        for (const item of expression.items) this.visitExpression(item, pointer);
        break;
      case 'access':
        this.visitExpression(expression.target, pointer);
        for (const { key } of expression.path) this.visitExpression(key, pointer);
        break;
      default:
        break;
    }
  }

  #visitText(text: string, pointer: string): void {
    if (!text.includes('@')) return;
    try {
      for (const expression of expressionsOf(parseTemplate(text))) this.visitExpression(expression, pointer);
    } catch (error) {
      if (!(error instanceof WdlError)) throw error;
      this.errors.push({ pointer, error });
    }
  }

  #addCall({ name, args }: CallNode, pointer: string): void {
    this.functions.push({ name, function: name, pointer });
    const lower = name.toLowerCase();
    if (TRIGGER_FUNCTIONS.has(lower)) this.trigger.push({ name, function: name, pointer });
    const kind = Object.hasOwn(KIND_OF_FUNCTION, lower) ? KIND_OF_FUNCTION[lower] : undefined;
    const [first] = args;
    if (kind === undefined || first === undefined) return;
    if (first.kind === 'string') this[kind].push({ name: first.value, function: name, pointer });
    else this.dynamic.push({ function: name, pointer });
  }
}

/** The expressions in a template, in the order in which they are written. */
export function expressionsOf(template: Template): readonly Expression[] {
  switch (template.kind) {
    case 'literal':
      return [];
    case 'expression':
      return [template.expression];
    case 'interpolation':
      return template.parts.filter((part) => typeof part !== 'string');
  }
}

/** A step of a JSON pointer (RFC 6901). */
function pointerStep(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
