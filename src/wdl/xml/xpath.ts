import type { Document, Node } from '@xmldom/xmldom';
import { select } from 'xpath';
import type { WdlValue } from '../values.ts';
import { float, WdlXml } from '../values.ts';
import { NODE, serializeXml } from './document.ts';

/**
 * XPath 1.0 on a document. One matching node gives the node itself, several give an array, none an empty array, as the
 * documentation describes it. Elements are XML, attributes and texts their text. Throws for an invalid XPath expression.
 */
export function selectXPath(document: Document, expression: string): WdlValue {
  // The library's types want the browser's Node; xmldom's is the same interface under another name.
  const result = select(expression, document as unknown as Parameters<typeof select>[1]);
  if (Array.isArray(result)) {
    const values = result.map((node) => nodeValue(node as unknown as Node));
    return values.length === 1 ? (values[0] ?? null) : values;
  }
  if (typeof result === 'number') return float(result);
  return typeof result === 'string' || typeof result === 'boolean' ? result : null;
}

function nodeValue(node: Node): WdlValue {
  if (node.nodeType === NODE.element || node.nodeType === NODE.document) return new WdlXml(serializeXml(node));
  return node.nodeValue ?? '';
}
