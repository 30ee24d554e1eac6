import type { Expression, TemplatePart } from './ast.ts';
import type { Evaluate } from './compile.ts';
import { compile } from './compile.ts';
import type { EvaluationContext } from './context.ts';
import { WdlError } from './errors.ts';
import { concatTexts } from './functions/text-limit.ts';
import { nestingError } from './json-text.ts';
import { MAX_JSON_NESTING } from './limits.ts';
import { parseExpression, parseTemplate } from './parse.ts';
import { printExpression } from './print.ts';
import { toText } from './text.ts';
import type { WdlValue } from './values.ts';
import { isArray, isObject } from './values.ts';

/**
 * The value of a bare expression, given as text or as a syntax tree. The result is exact (see values.ts); `toJson` makes
 * plain JSON of it. Throws `WdlError` and nothing else.
 */
export function evaluateExpression(expression: string | Expression, context: EvaluationContext): WdlValue {
  return guarded(typeof expression === 'string' ? expression : undefined, () => {
    const evaluate =
      typeof expression === 'string'
        ? compiledExpression(expression)
        : compile(expression, printExpression(expression));
    return evaluate(context);
  });
}

/**
 * The value of a piece of a workflow definition: every string in it, names of members included, is read as a template
 * (`@…`, `…@{…}…`, `@@`) and replaced by its value. Everything else stays as it is. The result is exact (see values.ts).
 * Throws `WdlError` and nothing else.
 */
export function evaluateTemplate(template: WdlValue, context: EvaluationContext): WdlValue {
  return guarded(undefined, () => evaluateValue(template, context, 0));
}

function evaluateValue(template: WdlValue, context: EvaluationContext, depth: number): WdlValue {
  if (typeof template === 'string') return evaluateText(template, context);
  if (depth > MAX_JSON_NESTING) throw nestingError();
  if (isArray(template)) return template.map((item) => evaluateValue(item, context, depth + 1));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [
      name.includes('@') ? toText(evaluateText(name, context)) : name,
      evaluateValue(value, context, depth + 1),
    ]),
  );
}

function evaluateText(text: string, context: EvaluationContext): WdlValue {
  if (!text.includes('@')) return text;
  return guarded(text, () => compiledTemplate(text)(context));
}

function compileTemplate(text: string): Evaluate {
  const template = parseTemplate(text);
  switch (template.kind) {
    case 'literal':
      return () => template.text;
    case 'expression':
      return compile(template.expression, text.slice(1));
    case 'interpolation': {
      const parts = template.parts.map(compilePart);
      return (context) =>
        concatTexts(
          'concat',
          parts.map((part) => part(context)),
        );
    }
  }
}

function compilePart(part: TemplatePart): (context: EvaluationContext) => string {
  if (typeof part === 'string') return () => part;
  const evaluate = compile(part, printExpression(part));
  return (context) => toText(evaluate(context));
}

const compiledExpression = cached((text) => compile(parseExpression(text), text));
const compiledTemplate = cached(compileTemplate);

const CACHE_ENTRIES = 5_000;

/** Definitions hold few distinct strings, evaluated over and over; texts made at run time must not pile up. */
function cached(make: (text: string) => Evaluate): (text: string) => Evaluate {
  const entries = new Map<string, Evaluate>();
  return (text) => {
    const known = entries.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (entries.size >= CACHE_ENTRIES) entries.clear();
    entries.set(text, made);
    return made;
  };
}

/**
 * Names the failing expression in errors that do not know it, and turns an exhausted stack or an impossible length into
 * a `WdlError`.
 */
function guarded(expression: string | undefined, evaluate: () => WdlValue): WdlValue {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new WdlError(
        'wdl.limit',
        'The template language expression makes a value that is too large or too deeply nested.',
        {
          ...(expression === undefined ? {} : { expression }),
          remedy: 'Divide the work over several actions.',
        },
      );
    }
    if (!(error instanceof WdlError) || expression === undefined || error.details.expression !== undefined) throw error;
    throw new WdlError(error.reason, error.message, { expression, ...error.details });
  }
}
