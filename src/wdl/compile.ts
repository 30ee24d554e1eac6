import { select } from './access.ts';
import type { CallNode, Expression } from './ast.ts';
import type { EvaluationContext } from './context.ts';
import { functionNamed } from './functions/index.ts';
import { checkArgumentCount } from './functions/signature.ts';
import { jsonNumber } from './json-text.ts';
import type { WdlValue } from './values.ts';

/** An expression made ready to be evaluated any number of times. */
export type Evaluate = (context: EvaluationContext) => WdlValue;

/**
 * Turns a syntax tree into a function. Unknown functions and wrong numbers of arguments are found here, even in
 * arguments that would never be evaluated, as the service finds them before a run. `source` is the text for messages.
 */
export function compile(expression: Expression, source: string): Evaluate {
  switch (expression.kind) {
    case 'string':
      return constant(expression.value);
    case 'number':
      return constant(jsonNumber(expression.text));
    case 'boolean':
      return constant(expression.value);
    case 'null':
      return constant(null);
    case 'array': {
      const items = expression.items.map((item) => compile(item, source));
      return (context) => items.map((item) => item(context));
    }
    case 'call':
      return compileCall(expression, source);
    case 'access': {
      const target = compile(expression.target, source);
      const path = expression.path.map(({ key, optional }) => ({ key: compile(key, source), optional }));
      return (context) =>
        path.reduce(
          (parent, { key, optional }) => select(parent, { key: key(context), optional, source }),
          target(context),
        );
    }
  }
}

function constant(value: WdlValue): Evaluate {
  return () => value;
}

function compileCall({ name, args }: CallNode, source: string): Evaluate {
  const definition = functionNamed(name);
  checkArgumentCount(definition, name, args.length);
  const compiled = args.map((arg) => compile(arg, source));
  if (definition.lazy) return (context) => definition.callLazily(compiled.map((arg) => () => arg(context)));
  return (context) =>
    definition.call(
      compiled.map((arg) => arg(context)),
      context,
    );
}
