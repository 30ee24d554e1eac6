/** Share of the budget for enriching; the page itself must never starve. */
export const ENRICH_SHARE = 0.6;
/** Share of the budget until which SIGNL4 must have taken the event; the rest is for tag and comment. */
export const SEND_SHARE = 0.92;
/** How long a sending that fell silent keeps others from trying, in milliseconds. */
export const CLAIM_MS = 120_000;
/** SIGNL4's last answer must be there so many milliseconds before its share ends: then it says why nobody was paged. */
const LAST_WORD_MS = 100;

export function sendingMs(leftMs: number): number {
  return Math.max(0, leftMs - LAST_WORD_MS);
}
