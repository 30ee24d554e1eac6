import type { Document, Node } from '@xmldom/xmldom';
import { DOMParser } from '@xmldom/xmldom';
import { nestingError } from '../json-text.ts';
import { MAX_JSON_NESTING } from '../limits.ts';
import { selfClosingTags } from './start-tags.ts';

/** Why text could not be read as XML; worded for the middle of a sentence. */
export class XmlTextError extends Error {}

/** DOM node types by number. */
export const NODE = {
  element: 1,
  attribute: 2,
  text: 3,
  cdata: 4,
  instruction: 7,
  comment: 8,
  document: 9,
  doctype: 10,
} as const;

/** Elements that were written as `<a/>`. */
const selfClosed = new WeakSet<Node>();

/** Whether an element without content was written as `<a/>` rather than `<a></a>`. */
export function closesItself(element: Node): boolean {
  return selfClosed.has(element);
}

/**
 * Reads an XML document. White space between elements is dropped, as .NET does by default. Throws `XmlTextError` for text
 * that is not well-formed, `WdlError` (`wdl.limit`) for nesting beyond 512.
 */
export function parseXml(text: string): Document {
  const source = text.trim();
  checkDeclaration(text, source);
  const document = read(source);
  checkNesting(document);
  markSelfClosed(document, selfClosingTags(source));
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
    const document = parser.parseFromString(text, 'application/xml');
    if (document.documentElement === null) throw new XmlTextError('Root element is missing.');
    return document;
  } catch (error) {
    throw new XmlTextError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** What .NET's reader refuses of an XML declaration and the parser does not. */
function checkDeclaration(text: string, source: string): void {
  if (!/^<\?xml\s/.test(source)) return;
  if (/^\s/.test(text)) {
    throw new XmlTextError('Unexpected XML declaration. There must be no white space before it.');
  }
  const version = /^<\?xml\s+version\s*=\s*["']([^"']*)["']/.exec(source)?.[1];
  if (version !== undefined && version !== '1.0') throw new XmlTextError(`Version number '${version}' is invalid.`);
}

function markSelfClosed(document: Document, closing: readonly boolean[]): void {
  let next = 0;
  const mark = (node: Node): void => {
    if (node.nodeType === NODE.element && closing[next++]) selfClosed.add(node);
    for (const child of childrenOf(node)) mark(child);
  };
  mark(document);
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

interface XmlAttribute {
  readonly name: string;
  readonly value: string;
  readonly namespace: string;
}

export function attributesOf(node: Node): XmlAttribute[] {
  const attributes = 'attributes' in node ? (node.attributes as Iterable<Omit<XmlAttribute, 'namespace'> & Node>) : [];
  return [...attributes].map(({ name, value, namespaceURI }) => ({ name, value, namespace: namespaceURI ?? '' }));
}
