/**
 * Characters (UTF-16 units) of an alert's texts. SIGNL4 documents no limits; beyond these a phone shows nothing useful, and a
 * push message shows far less of the title.
 */
export const alertLimits = { title: 250, text: 10_000, parameter: 2_000 } as const;

/** Title and text for what has none: SIGNL4 would take the first other parameters in their place. */
export const fallbackTexts = { Title: 'Microsoft Sentinel incident', Message: 'No description.' } as const;

/** Sections that came out empty leave no gap: runs of line breaks to their replacement, in the order of replacement. */
export const gapReplacements = [
  ['\n\n\n\n', '\n\n'],
  ['\n\n\n\n', '\n\n'],
  ['\n\n\n\n', '\n\n'],
  ['\n\n\n', '\n\n'],
] as const;
