import type { PlainContext } from '../../../src/wdl/context.ts';
import type { WdlReason } from '../../../src/wdl/errors.ts';
import type { Json } from '../../../src/wdl/json.ts';

/** An expression and what it must give: a value, or a failure with a reason and part of its message. */
export type Row =
  | { readonly expr: string; readonly value: Json; readonly context?: PlainContext }
  | { readonly expr: string; readonly reason: WdlReason; readonly message: string; readonly context?: PlainContext };

export function gives(expr: string, value: Json, context?: PlainContext): Row {
  return { expr, value, ...(context && { context }) };
}

export function fails(expr: string, reason: WdlReason, message: string, context?: PlainContext): Row {
  return { expr, reason, message, ...(context && { context }) };
}
