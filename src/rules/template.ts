/*
 * Replaces `{{placeholder}}` in a string, in a single pass: values are not expanded again, so a title that contains `{{…}}` is
 * shown unchanged. `template-tokens.ts` compiles templates for playbooks.
 */

/**
 * Fills in a template. `textFor` gets the trimmed text between the braces; it returns an empty string for unknown placeholders.
 */
export function fillTemplate(template: string, textFor: (placeholder: string) => string): string {
  const [head = '', ...segments] = template.split('{{');
  return head + segments.map((segment) => fillSegment(segment, textFor)).join('');
}

/** The text after a `{{`; without a `}}` it is left unchanged. */
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
