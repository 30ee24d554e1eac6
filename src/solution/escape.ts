import { changedList, changedMap, isList, isMap, type JsonMap, type JsonTree, sameName } from './json-tree.ts';
import { referenceTo, type Variables } from './variables.ts';

/** References that the outer deployment must resolve, so they keep their single bracket. */
const OUTER_REFERENCES: ReadonlySet<string> = new Set(
  ['TemplateEmptyArray', 'TemplateEmptyObject', 'TemplateNullVariable'].map((name) => referenceTo(name).toLowerCase()),
);

const LOCATION = 'resourceGroup().location';
const INLINE_LOCATION = "variables('workspace-location-inline')";

/** `resourceGroup().location` must not be literally in a package; an inner variable supplies it. */
export function withInlineLocation(text: string): string {
  return text.replaceAll(LOCATION, INLINE_LOCATION);
}

/** One more `[` makes the outer deployment pass an expression on to the inner one. */
export function escapeBracket(text: string): string {
  return text.startsWith('[') ? `[${text}` : text;
}

/**
 * Second pass over a resource: every text that starts with `[` gets one more `[` (texts that only look like an expression
 * too), the location is replaced, and each `operationId` moves to a pair of inner variables. Arrays in arrays stay as they are.
 */
export function escapeTexts(object: JsonMap, inner: Variables): JsonMap {
  return changedMap(object, (value, name) => escapeMember(name, value, inner));
}

function escapeMember(name: string, value: JsonTree, inner: Variables): JsonTree {
  if (typeof value === 'string') return escapeText(name, value, inner);
  if (isList(value)) return changedList(value, (item) => escapeItem(item, inner));
  return isMap(value) ? escapeTexts(withLinkExpressions(value), inner) : value;
}

function escapeText(name: string, text: string, inner: Variables): string {
  const located = withInlineLocation(text);
  if (sameName(name, 'operationId')) return escapeBracket(moveOperationId(located, inner));
  return OUTER_REFERENCES.has(located.toLowerCase()) ? located : escapeBracket(located);
}

function moveOperationId(operationId: string, inner: Variables): string {
  inner.addPair(`operationId-${operationId}`, operationId);
  return referenceTo(`_operationId-${operationId}`);
}

function escapeItem(item: JsonTree, inner: Variables): JsonTree {
  if (typeof item === 'string') return escapeBracket(withInlineLocation(item));
  return isMap(item) ? escapeTexts(item, inner) : item;
}

/**
 * The tags of a function app link to its Application Insights under a key that is an expression itself
 * (`[concat('hidden-link:', …)]`); keys are not reached by the escaping, so every `concat` here gets its bracket.
 */
function withLinkExpressions(object: JsonMap): JsonMap {
  const isLinked = [...object].some(
    ([key, value]) => mentionsLink(key) || (typeof value === 'string' && mentionsLink(value)),
  );
  if (!isLinked) return object;
  const bracketed = (text: string) => text.replaceAll('concat', '[concat');
  return new Map(
    [...object].map(([key, value]) => [bracketed(key), typeof value === 'string' ? bracketed(value) : value]),
  );
}

function mentionsLink(text: string): boolean {
  return text.toLowerCase().includes('hidden-link');
}
