/**
 * Syntax tree of an expression. Positions are not kept, so that two spellings of the same expression have equal trees:
 * `.name` and `['name']` are the same access.
 */
export type Expression = StringNode | NumberNode | BooleanNode | NullNode | ArrayNode | CallNode | AccessNode;

interface StringNode {
  readonly kind: 'string';
  readonly value: string;
}

/** `text` is canonical: no leading plus or zeros, a digit before the point, lower-case `e`. `11.0` is not `11`. */
interface NumberNode {
  readonly kind: 'number';
  readonly text: string;
}

interface BooleanNode {
  readonly kind: 'boolean';
  readonly value: boolean;
}

interface NullNode {
  readonly kind: 'null';
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly items: readonly Expression[];
}

/** `name` as written: function names are matched without regard to case. */
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

/** Properties and array elements read off a call or an array, from left to right. */
interface AccessNode {
  readonly kind: 'access';
  readonly target: CallNode | ArrayNode;
  readonly path: readonly AccessStep[];
}

/** `optional`: written with `?`; a null parent or a missing property gives null. */
export interface AccessStep {
  readonly key: Expression;
  readonly optional: boolean;
}

/** A JSON string value of a definition. */
export type Template =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'interpolation'; readonly parts: readonly TemplatePart[] };

/** Text between interpolated expressions, or one of them. */
export type TemplatePart = string | Expression;
