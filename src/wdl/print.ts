import type { Expression, Template, TemplatePart } from './ast.ts';

/**
 * Text of an expression as the designer writes it: `body('Get_incident')?['properties']?['title']`, arguments separated
 * by a comma and a space. `parseExpression(printExpression(x))` equals `x`.
 */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'string':
      return `'${expression.value.replaceAll("'", "''")}'`;
    case 'number':
      return expression.text;
    case 'boolean':
      return String(expression.value);
    case 'null':
      return 'null';
    case 'array':
      return `[${expression.items.map(printExpression).join(', ')}]`;
    case 'call':
      return `${expression.name}(${expression.args.map(printExpression).join(', ')})`;
    case 'access': {
      const path = expression.path.map(({ key, optional }) => `${optional ? '?' : ''}[${printExpression(key)}]`);
      return printExpression(expression.target) + path.join('');
    }
  }
}

/**
 * The JSON string value that stands for a template. `parseTemplate(printTemplate(x))` equals `x` for every `x` that
 * `parseTemplate` returns.
 */
export function printTemplate(template: Template): string {
  switch (template.kind) {
    case 'literal':
      return template.text.startsWith('@') ? `@${template.text}` : printText(template.text, false);
    case 'expression':
      return `@${printExpression(template.expression)}`;
    case 'interpolation':
      return printParts(template.parts);
  }
}

function printParts(parts: readonly TemplatePart[]): string {
  const printed = parts.map((part, index) => {
    if (typeof part !== 'string') return `@{${printExpression(part)}}`;
    const followedByExpression = index + 1 < parts.length;
    // An @ that opens the whole value would make all of it literal, or an expression.
    if (index > 0 || !part.startsWith('@')) return printText(part, followedByExpression);
    return `@{'@'}${printText(part.slice(1), followedByExpression)}`;
  });
  return printed.join('');
}

/** An @ right before an interpolation would escape it; it goes into an interpolation of its own. */
function printText(text: string, beforeExpression: boolean): string {
  const tail = beforeExpression ? (/@+$/.exec(text)?.[0] ?? '') : '';
  const escaped = text.slice(0, text.length - tail.length).replaceAll('@{', '@@{');
  return tail ? `${escaped}@{'${tail}'}` : escaped;
}
