/** Share of the budget for enriching; the page itself must never starve. */
export const ENRICH_SHARE = 0.6;
/** Share of the budget until which SIGNL4 must have taken the event; the rest is for tag and comment. */
export const SEND_SHARE = 0.92;
/** How long a sending that fell silent keeps others from trying, in milliseconds. */
export const CLAIM_MS = 120_000;
