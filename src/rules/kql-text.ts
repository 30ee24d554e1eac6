/** Pieces of KQL that are made of texts which people choose. */

/** A string as a literal, whatever is in it. */
export function kqlText(text: string): string {
  return JSON.stringify(text);
}

export function kqlList(texts: readonly string[]): string {
  return texts.map(kqlText).join(', ');
}

/** Whether a string is in another, in any casing. */
export function containsText(expression: string, text: string): string {
  return `${expression} contains ${kqlText(text)}`;
}

export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' or ')})`;
}
