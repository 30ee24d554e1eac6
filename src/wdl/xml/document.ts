import type { Document, Node } from '@xmldom/xmldom';
import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import { nestingError } from '../json-text.ts';
import { MAX_JSON_NESTING } from '../limits.ts';

/** Why text could not be read as XML; worded for the middle of a sentence. */
export class XmlTextError extends Error {}

/** DOM node types by number. */
export const NODE = { element: 1, attribute: 2, text: 3, cdata: 4, instruction: 7, comment: 8, document: 9 } as const;

/**
 * Reads an XML document. White space between elements is dropped, as .NET does by default. Throws `XmlTextError` for text
 * that is not well-formed, `WdlError` (`wdl.limit`) for nesting beyond 512.
 */
export function parseXml(text: string): Document {
  const document = read(text);
  checkNesting(document);
  dropWhiteSpace(document);
  return document;
}

function read(text: string): Document {
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level !== 'warning') throw new XmlTextError(message);
    },
  });
  try {
    const document = parser.parseFromString(text.trim(), 'application/xml');
    if (document.documentElement === null) throw new XmlTextError('Root element is missing.');
    return document;
  } catch (error) {
    throw new XmlTextError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

export function serializeXml(node: Node): string {
  return new XMLSerializer().serializeToString(node);
}

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** Walks without recursion: nesting is not known to be shallow yet. */
function checkNesting(root: Node): void {
  let level: Node[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_JSON_NESTING) throw nestingError();
    level = level.flatMap(childrenOf);
  }
}

function dropWhiteSpace(node: Node): void {
  for (const child of childrenOf(node)) {
    if (child.nodeType === NODE.element) {
      if (!keepsSpace(child)) dropWhiteSpace(child);
    } else if (child.nodeType === NODE.text && /^[\s]*$/.test(child.nodeValue ?? '')) node.removeChild(child);
  }
}

function keepsSpace(element: Node): boolean {
  return attributesOf(element).some(({ name, value }) => name === 'xml:space' && value === 'preserve');
}

export function attributesOf(node: Node): { readonly name: string; readonly value: string }[] {
  const attributes = 'attributes' in node ? (node.attributes as Iterable<{ name: string; value: string }>) : [];
  return [...attributes].map(({ name, value }) => ({ name, value }));
}
