/** Share of the budget for enriching, so that there is always time left to send the page. */
export const ENRICH_SHARE = 0.6;
/** Share of the budget by which SIGNL4 must have accepted the event; the rest is for tag and comment. */
export const SEND_SHARE = 0.92;
/** How long an unfinished attempt to send blocks others, in milliseconds. */
export const CLAIM_MS = 120_000;
/** SIGNL4's last answer must arrive this many milliseconds before its share ends, so that the error says why nobody was paged. */
const LAST_WORD_MS = 100;

export function sendingMs(leftMs: number): number {
  return Math.max(0, leftMs - LAST_WORD_MS);
}
