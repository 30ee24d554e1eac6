/** Words that title case does not capitalise, except at the start and end. */
const smallWords = new Set([
  'a',
  'an',
  'and',
  'as',
  'at',
  'by',
  'for',
  'from',
  'in',
  'of',
  'on',
  'or',
  'per',
  'the',
  'to',
  'with',
]);
/** Names that keep their capitals in a sentence. */
const properNames = new Set(['SIGNL4', 'Microsoft', 'Azure', 'Sentinel']);

/** "Time on Duty": each word with a capital or a digit, small words within excepted. */
export function isTitleCase(text: string): boolean {
  const words = text.split(' ');
  return words.every((word, index) => {
    const withinTitle = index > 0 && index < words.length - 1;
    return /^[A-Z0-9]/.test(word) || (withinTitle && smallWords.has(word));
  });
}

/** "List the teams of a user": a capital at the start, none later except in names and acronyms. */
export function isSentenceCase(text: string): boolean {
  const [first = '', ...rest] = text.split(' ');
  return /^[A-Z0-9]/.test(first) && rest.every((word) => /^[^A-Z]/.test(word) || isName(word));
}

function isName(word: string): boolean {
  return properNames.has(word) || /^[A-Z0-9]+s?$/.test(word);
}

/** Starts with a capital, ends with a full stop, and has no surplus blanks. */
export function isSentence(text: string): boolean {
  return /^[A-Z0-9].*\.$/s.test(text) && text === text.trim() && !/ {2}|\n/.test(text);
}

/** What is wrong with a title that people see beside a field; undefined where nothing is. */
export function titleProblem(text: string | undefined): string | undefined {
  if (!text) return 'is missing';
  if (text.length > 80) return `has ${text.length} characters, at most 80 are allowed`;
  return isTitleCase(text) ? undefined : `"${text}" is not in title case`;
}

/** What is wrong with a description, which must not repeat the title; undefined where nothing is. */
export function descriptionProblem(text: string | undefined, title: string | undefined): string | undefined {
  if (!text) return 'is missing';
  if (!isSentence(text)) return `"${text}" is not a sentence with a full stop`;
  const bare = (value: string) => value.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return title !== undefined && bare(text) === bare(title) ? `"${text}" only repeats the title` : undefined;
}
