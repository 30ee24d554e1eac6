/**
 * The one error of the Workflow Definition Language. The service answers every failure of an expression with the code
 * `InvalidTemplate`; `reason` is finer and stable, for callers that must tell failures apart.
 */

/** What the service puts in `error.code` of an action whose expressions cannot be read or evaluated. */
const INVALID_TEMPLATE = 'InvalidTemplate';

export type WdlReason =
  | 'wdl.syntax'
  | 'wdl.limit'
  | 'wdl.unknown-function'
  | 'wdl.argument-count'
  | 'wdl.argument-type'
  | 'wdl.argument-value'
  | 'wdl.property-not-found'
  | 'wdl.property-not-selectable'
  | 'wdl.index-out-of-range'
  | 'wdl.division-by-zero'
  | 'wdl.overflow'
  | 'wdl.unknown-reference'
  | 'wdl.not-available'
  | 'wdl.context';

export interface WdlErrorDetails {
  /** The whole expression that failed, as written. */
  readonly expression?: string;
  /** Name of the function that failed. */
  readonly function?: string;
  /** Zero-based offset in `expression` (or in the template) where reading stopped. */
  readonly position?: number;
  /** The line of the expression with a caret under the offending character. */
  readonly excerpt?: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Why an expression could not be read or evaluated. `message` is worded like the service's own message. */
export class WdlError extends Error {
  readonly code = INVALID_TEMPLATE;
  readonly reason: WdlReason;
  readonly details: WdlErrorDetails;

  constructor(reason: WdlReason, message: string, details: WdlErrorDetails = {}) {
    super(message);
    this.name = 'WdlError';
    this.reason = reason;
    this.details = details;
  }
}

/** Which part of a workflow an expression is in, as the service's messages name it. */
export interface TemplateLocation {
  readonly kind: 'action' | 'trigger';
  readonly name: string;
  /** `inputs`, `outputs`, … Default `inputs`. */
  readonly part?: string;
}

/**
 * The message that the run history shows for a failed expression: `Unable to process template language expressions in
 * action 'X' inputs at line '0' and column '0': '…'.` The service counts lines in its own copy of the definition, which
 * nobody else has; it shows zero for most failures itself.
 */
export function processingMessage(error: WdlError, location: TemplateLocation): string {
  const place = `${location.kind} '${location.name}' ${location.part ?? 'inputs'}`;
  return `Unable to process template language expressions in ${place} at line '0' and column '0': '${error.message}'.`;
}

/** For a terminal: message, the expression (with a caret where reading stopped) and the remedy, each on its own lines. */
export function describeError(error: WdlError): string {
  const { excerpt, expression, remedy } = error.details;
  const named = expression !== undefined && error.message.includes(expression);
  const place = excerpt ?? (expression === undefined || named ? undefined : `  in: ${expression.slice(0, 200)}`);
  return [error.message, place, remedy].filter((part) => part !== undefined).join('\n');
}
