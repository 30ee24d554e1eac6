/** `<!-- name -->` in guides, `{{name}}` in scripts and settings. */
const marks = { comment: /<!-- ([a-z-]+) -->/g, braces: /\{\{(\w+)\}\}/g } as const;

/**
 * Fills in the marks of a shipped text.
 * @throws Error for a mark without a value, because text and code no longer match
 */
export function fillMarks(
  text: string,
  values: Readonly<Record<string, string>>,
  kind: keyof typeof marks = 'comment',
): string {
  return text.replaceAll(marks[kind], (mark, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`there is no value for the mark ${mark}`);
    return value;
  });
}
