import type { Document, Node } from '@xmldom/xmldom';
import { select } from 'xpath';
import type { WdlValue } from '../values.ts';
import { float } from '../values.ts';
import { xmlContent } from './content.ts';
import { NODE } from './document.ts';
import { serializeXml } from './serialize.ts';

/**
 * XPath 1.0 on a document. A set of nodes is an array, whether it has none, one or several: elements are content objects,
 * attributes and texts their text. Other results are numbers (floats), texts and booleans. The function page prints single
 * nodes and their text without the array around them; runs show it (MicrosoftDocs/azure-docs#113084, ScoreUnder/IllogicApps, and
 * the SAP connector's page, which writes `first(xpath(…/text()))`). Throws for an invalid XPath expression.
 */
export function selectXPath(document: Document, expression: string): WdlValue {
  // The library's types want the browser's Node; xmldom's is the same interface under another name.
  const result = select(expression, document as unknown as Parameters<typeof select>[1]);
  if (Array.isArray(result)) return result.map((node) => nodeValue(node as unknown as Node));
  if (typeof result === 'number') return float(result);
  return typeof result === 'string' || typeof result === 'boolean' ? result : null;
}

function nodeValue(node: Node): WdlValue {
  const isText = node.nodeType === NODE.text || node.nodeType === NODE.cdata || node.nodeType === NODE.attribute;
  return isText ? (node.nodeValue ?? '') : xmlContent(serializeXml(node));
}
