import { toNumber, type WdlNumber, type WdlValue } from '../../wdl/values.ts';
import { holds, sameLiquid } from './condition.ts';
import { filtered, filterMeant } from './filters.ts';
import { type Loop, type Node, type Output, parseLiquid } from './parse.ts';
import { Scope } from './scope.ts';
import { converted, itemsOf, LiquidError, type LiquidValue, printed } from './values.ts';

/** What a map made, and what it wrote that changes nothing. */
interface Rendering {
  readonly text: string;
  readonly warnings: readonly string[];
}

/**
 * The text that a Liquid template makes of a JSON value, which is `content` in it. A part that cannot be rendered is the text
 * `Liquid error: …` in its place, as in DotLiquid.
 * @param now milliseconds since 1970, for `'now' | Date: …`
 * @throws LiquidSyntaxError for a template that cannot be read
 */
export function renderLiquid(source: string, content: WdlValue, now: number): Rendering {
  const scope = new Scope(content, now);
  const text: string[] = [];
  renderAll(parseLiquid(source), scope, text);
  const warnings = [...scope.unknownFilters].map((name) => {
    const meant = filterMeant(name);
    return `There is no filter '${name}': it changes nothing.${meant === undefined ? '' : ` Its name is '${meant}'.`}`;
  });
  return { text: text.join(''), warnings };
}

/** Why a loop goes on with its next item, or ends. */
type Interrupt = 'break' | 'continue' | undefined;

function renderAll(nodes: readonly Node[], scope: Scope, out: string[]): Interrupt {
  for (const node of nodes) {
    try {
      const interrupt = render(node, scope, out);
      if (interrupt) return interrupt;
    } catch (error) {
      if (!(error instanceof LiquidError)) throw error;
      out.push(`Liquid error: ${error.message}`);
    }
  }
  return undefined;
}

function render(node: Node, scope: Scope, out: string[]): Interrupt {
  switch (node.kind) {
    case 'text':
      out.push(node.text);
      return undefined;
    case 'output':
      out.push(printed(outputOf(node.output, scope)));
      return undefined;
    case 'assign':
      scope.setForAll(node.name, outputOf(node.output, scope));
      return undefined;
    case 'capture': {
      const { text, interrupt } = captured(node.body, scope);
      scope.setForAll(node.name, text);
      return interrupt;
    }
    case 'if': {
      const taken = node.branches.find(
        ({ condition, isNegated }) => condition === undefined || holds(condition, scope) !== (isNegated === true),
      );
      return taken && scope.within(() => renderAll(taken.body, scope, out));
    }
    case 'case': {
      const value = scope.lookUp(node.word);
      let isTaken = false;
      for (const { words, body } of node.branches) {
        const times = words ? words.filter((word) => sameLiquid(value, scope.lookUp(word))).length : isTaken ? 0 : 1;
        for (let time = 0; time < times; time++) {
          isTaken = true;
          const interrupt = scope.within(() => renderAll(body, scope, out));
          if (interrupt) return interrupt;
        }
      }
      return undefined;
    }
    case 'for':
      renderLoop(node, scope, out);
      return undefined;
    case 'cycle': {
      const key = printed(scope.lookUp(node.name));
      const turn = scope.cycles.get(key) ?? 0;
      scope.cycles.set(key, (turn + 1) % node.words.length);
      out.push(printed(scope.lookUp(node.words[turn] ?? '')));
      return undefined;
    }
    case 'ifchanged': {
      const { text, interrupt } = captured(node.body, scope);
      if (text !== scope.lastIfChanged) out.push(text);
      scope.lastIfChanged = text;
      return interrupt;
    }
    default:
      return node.kind;
  }
}

function captured(nodes: readonly Node[], scope: Scope): { readonly text: string; readonly interrupt: Interrupt } {
  const out: string[] = [];
  const interrupt = renderAll(nodes, scope, out);
  return { text: out.join(''), interrupt };
}

function outputOf({ word, filters }: Output, scope: Scope): LiquidValue {
  return filters.reduce<LiquidValue>(
    (value, { name, args }) =>
      filtered(
        name,
        value,
        args.map((arg) => scope.lookUp(arg)),
        scope,
      ),
    scope.lookUp(word),
  );
}

function renderLoop(loop: Loop, scope: Scope, out: string[]): void {
  const name = `${loop.variable}-${loop.collection}`;
  const all = itemsOf(scope.lookUp(loop.collection));
  if (all === undefined) return;
  const from = loop.offset === 'continue' ? (scope.loops.get(name) ?? 0) : (whole(loop.offset, scope) ?? 0);
  const limit = whole(loop.limit, scope);
  const items = all.slice(from, limit === undefined ? undefined : from + limit);
  if (loop.isReversed) items.reverse();
  scope.loops.set(name, from + items.length);
  scope.within(() => {
    for (const [index, item] of items.entries()) {
      scope.set(loop.variable, item);
      scope.set('forloop', forloop(name, index, items.length));
      if (renderAll(loop.body, scope, out) === 'break') return;
    }
  });
}

/** Members are `last` in DotLiquid, and `Last` in the example on Microsoft's page: both are known. */
function forloop(name: string, index: number, length: number): WdlValue {
  const members = {
    name,
    length,
    index: index + 1,
    index0: index,
    rindex: length - index,
    rindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
  };
  const capitalized = Object.entries(members).map(([key, value]) => [
    key.charAt(0).toUpperCase() + key.slice(1),
    value,
  ]);
  return { ...members, ...Object.fromEntries(capitalized) };
}

function whole(word: string | undefined, scope: Scope): number | undefined {
  if (word === undefined) return undefined;
  const value = scope.lookUp(word);
  return value === null ? 0 : toNumber(converted(value, 'integer') as WdlNumber);
}
