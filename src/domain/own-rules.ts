/**
 * What the titles of our own analytics rules begin with ("SIGNL4 on-call: paging failed"). Their incidents say that paging does not work: whoever
 * paged about them would use what is broken, and report the failure of that as the next incident.
 */
export const OWN_RULE_TITLE = 'SIGNL4 on-call:';
