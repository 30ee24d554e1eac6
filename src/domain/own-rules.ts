/**
 * Prefix of the titles of our own analytics rules ("SIGNL4 on-call: paging failed"). Their incidents report that paging does not
 * work, so they must not be paged: that would fail as well, and create the next incident.
 */
export const OWN_RULE_TITLE = 'SIGNL4 on-call:';
