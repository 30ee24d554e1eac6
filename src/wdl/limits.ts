/** Limits of the service, and limits of ours that keep hostile input from exhausting the stack or the memory. */

/** Characters of one expression ("Limits and configuration reference for Azure Logic Apps"). */
export const MAX_EXPRESSION_CHARACTERS = 131_072;

/** Characters of the result of `concat`, `join` and of an interpolated string (function reference). */
export const MAX_TEXT_CHARACTERS = 104_857_600;

/** Items that `range` makes (function reference). */
export const MAX_RANGE_ITEMS = 100_000;

/** Calls, indexes and array literals inside one another. Ours: hand-written expressions stay far below. */
export const MAX_EXPRESSION_NESTING = 400;

/** Arrays and objects inside one another in JSON or XML text. Ours. */
export const MAX_JSON_NESTING = 512;
