/**
 * Pieces of the grammar of DotLiquid, the dialect that Logic Apps use, in the version that Microsoft's page on Liquid
 * transforms links (dotliquid/dotliquid at b6a7d99). It reads with patterns, so that what stands between two words matters little.
 */

const QUOTED = `"[^"]*"|'[^']*'`;

/** A literal, a path or a range. */
export const WORD = String.raw`(?:${QUOTED}|(?:[^\s,|'"]|${QUOTED})+)`;

/** A word in front of the filters, where a comma belongs to it. */
export const FIRST_WORD = String.raw`(?:${QUOTED}|(?:[^\s|'"]|${QUOTED})+)`;
