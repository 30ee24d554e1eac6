/**
 * Maximum characters (UTF-16 units) of an alert's texts. SIGNL4 documents no limits; longer texts are of no use on a phone, and
 * push messages show much less of the title.
 */
export const alertLimits = { title: 250, text: 10_000, parameter: 2_000 } as const;

/** For an empty title or text, in place of which SIGNL4 would show the first other parameters. */
export const fallbackTexts = { Title: 'Microsoft Sentinel incident', Message: 'No description.' } as const;

/** Removes gaps left by empty sections: runs of line breaks and their replacements, applied in order. */
export const gapReplacements = [
  ['\n\n\n\n', '\n\n'],
  ['\n\n\n\n', '\n\n'],
  ['\n\n\n\n', '\n\n'],
  ['\n\n\n', '\n\n'],
] as const;
