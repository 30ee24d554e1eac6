import type { PlainContext } from '../../src/wdl/context.ts';
import { fromPlainContext } from '../../src/wdl/context.ts';
import { evaluateExpression, evaluateTemplate } from '../../src/wdl/evaluate.ts';
import type { Json } from '../../src/wdl/json.ts';
import { toJson } from '../../src/wdl/values.ts';

/** 2026-01-15T10:30:00Z: the time at which every test evaluates. */
export const NOW = Date.UTC(2026, 0, 15, 10, 30);

/** One row of a table of expressions, in the shape of the reference's tables. */
export interface Case {
  readonly fn: string;
  readonly expr: string;
  readonly expected: Json;
  readonly mode?: 'expression' | 'template';
  readonly context?: PlainContext;
  /** `xml`: compare without regard to white space, and content objects by their text, as the documentation prints XML. */
  readonly compare?: 'xml';
}

/** A fixed clock and a source of chance that repeats itself. */
export function fixedEnvironment(): { now(): number; random(): number } {
  let state = 42;
  return {
    now: () => NOW,
    random: () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    },
  };
}

export function evaluateCase({ expr, mode, context = {} }: Pick<Case, 'expr' | 'mode' | 'context'>): Json {
  const evaluation = fromPlainContext(context, fixedEnvironment());
  return toJson(mode === 'template' ? evaluateTemplate(expr, evaluation) : evaluateExpression(expr, evaluation));
}

/** Equal JSON, objects without regard to the order of their members. */
export function sameResult(actual: unknown, expected: unknown, compare?: 'xml'): boolean {
  return canonical(actual, compare) === canonical(expected, compare);
}

function canonical(value: unknown, compare?: 'xml'): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'string' && compare === 'xml') return plainXml(member);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    if (compare === 'xml' && '$content' in member)
      return plainXml(Buffer.from(String(member.$content), 'base64').toString());
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Without white space between elements and before the end of an empty one. */
function plainXml(text: string): string {
  return text
    .replace(/>\s+</g, '><')
    .replace(/\s+\/>/g, '/>')
    .trim();
}
