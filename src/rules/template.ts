/*
 * `{{placeholder}}` in a string. One pass from left to right: what a placeholder gives is never read again, so an incident
 * whose title contains `{{…}}` shows it as it is. `template-tokens.ts` makes tokens of it for a playbook.
 */

/** Fills a template in. `textFor` gets the text between the braces, trimmed; what it does not know is empty. */
export function fillTemplate(template: string, textFor: (placeholder: string) => string): string {
  const [head = '', ...segments] = template.split('{{');
  return head + segments.map((segment) => fillSegment(segment, textFor)).join('');
}

/** The text after a `{{`: without a `}}` it is not a placeholder and stays. */
function fillSegment(segment: string, textFor: (placeholder: string) => string): string {
  const end = segment.indexOf('}}');
  return end < 0 ? `{{${segment}` : textFor(segment.slice(0, end).trim()) + segment.slice(end + 2);
}

/** The placeholders of a template in order, trimmed. */
export function placeholdersOf(template: string): readonly string[] {
  const found: string[] = [];
  fillTemplate(template, (placeholder) => {
    found.push(placeholder);
    return '';
  });
  return found;
}
