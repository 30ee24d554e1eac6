/** Building blocks of KQL with strings chosen by users. */

/** A string as a KQL literal, escaped. */
export function kqlText(text: string): string {
  return JSON.stringify(text);
}

export function kqlList(texts: readonly string[]): string {
  return texts.map(kqlText).join(', ');
}

/** Condition that a string contains another, ignoring case. */
export function containsText(expression: string, text: string): string {
  return `${expression} contains ${kqlText(text)}`;
}

export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' or ')})`;
}
