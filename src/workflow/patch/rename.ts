import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import type { Expression, Template } from '../../wdl/ast.ts';
import { parseTemplate } from '../../wdl/parse.ts';
import { printTemplate } from '../../wdl/print.ts';
import { isActionReference } from '../../wdl/references.ts';

/** The definition with an action called `to`, wherever it is and whatever refers to it. Names are unique in a workflow. */
export function renameAction(definition: JsonObject, name: string, to: string): JsonObject {
  const { actions, ...rest } = definition;
  return { ...(renamed(rest, name, to) as JsonObject), ...(actions && { actions: renamedActions(actions, name, to) }) };
}

function renamedActions(actions: Json, name: string, to: string): Json {
  if (!isJsonObject(actions)) return actions;
  return Object.fromEntries(
    Object.entries(actions).map(([key, action]) => [
      key === name ? to : key,
      isJsonObject(action) ? renamedIn(action, name, to) : action,
    ]),
  );
}

function renamedIn(holder: JsonObject, name: string, to: string): JsonObject {
  const entries = Object.entries(holder).map(([key, value]): [string, Json] => {
    if (key === 'actions') return [key, renamedActions(value, name, to)];
    if (key === 'runAfter') return [key, renamedKeys(value, name, to)];
    if ((key === 'else' || key === 'default') && isJsonObject(value)) return [key, renamedIn(value, name, to)];
    if (key === 'cases' && isJsonObject(value))
      return [
        key,
        Object.fromEntries(
          Object.entries(value).map(([one, branch]) => [
            one,
            isJsonObject(branch) ? renamedIn(branch, name, to) : branch,
          ]),
        ),
      ];
    return [key, renamed(value, name, to)];
  });
  return Object.fromEntries(entries);
}

function renamedKeys(runAfter: Json, name: string, to: string): Json {
  if (!isJsonObject(runAfter)) return runAfter;
  return Object.fromEntries(Object.entries(runAfter).map(([key, states]) => [key === name ? to : key, states]));
}

/** References inside any value. */
function renamed(value: Json, name: string, to: string): Json {
  if (typeof value === 'string')
    return value.includes(name) && value.includes('@') ? renamedText(value, name, to) : value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, name, to));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member, name, to)]));
}

function renamedText(text: string, name: string, to: string): string {
  try {
    return printTemplate(inTemplate(parseTemplate(text), name, to));
  } catch {
    return text;
  }
}

function inTemplate(template: Template, name: string, to: string): Template {
  switch (template.kind) {
    case 'literal':
      return template;
    case 'expression':
      return { ...template, expression: inExpression(template.expression, name, to) };
    case 'interpolation':
      return {
        ...template,
        parts: template.parts.map((part) => (typeof part === 'string' ? part : inExpression(part, name, to))),
      };
  }
}

function inExpression(expression: Expression, name: string, to: string): Expression {
  const inside = (one: Expression) => inExpression(one, name, to);
  switch (expression.kind) {
    case 'array':
      return { ...expression, items: expression.items.map(inside) };
    case 'access':
      return {
        ...expression,
        target: inside(expression.target) as typeof expression.target,
        path: expression.path.map((step) => ({ ...step, key: inside(step.key) })),
      };
    case 'call': {
      const [first, ...others] = expression.args.map(inside);
      if (first === undefined) return expression;
      const refers = isActionReference(expression.name) && first.kind === 'string' && first.value === name;
      return { ...expression, args: [refers ? { ...first, value: to } : first, ...others] };
    }
    default:
      return expression;
  }
}
