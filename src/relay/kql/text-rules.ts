/** Longest query in characters; analytics rules allow 10,000. */
export const MAX_QUERY_LENGTH = 50_000;

/** Rules for the text before parsing: characters that parser, server and people may read differently. */
export const textRules: readonly { rule: string; broken: (text: string) => string | undefined }[] = [
  {
    rule: 'size',
    broken: (text) =>
      text.length > MAX_QUERY_LENGTH ? `has ${text.length} characters, more than ${MAX_QUERY_LENGTH}` : undefined,
  },
  {
    rule: 'hidden-characters',
    broken: (text) => {
      const hidden = hiddenCharacters.exec(text)?.[0]?.codePointAt(0);
      if (hidden === undefined) return undefined;
      return `contains the hidden character U+${hidden.toString(16).toUpperCase().padStart(4, '0')}`;
    },
  },
];

/**
 * Control characters, unusual line ends, direction marks, soft hyphens, invisible operators and fillers, tags, lone surrogates,
 * private use. Joiners (U+200C, U+200D) are allowed: Persian and emoji need them.
 */
const hiddenCharacters =
  /(?![\t\n\r\u200c\u200d])(?:[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|[\u17b4\u17b5]|[\u180b-\u180f])/u;
