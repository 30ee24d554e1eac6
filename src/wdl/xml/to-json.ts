import type { Document, DocumentType, Node } from '@xmldom/xmldom';
import type { WdlObject, WdlValue } from '../values.ts';
import { attributesOf, childrenOf, closesItself, NODE } from './document.ts';

/**
 * JSON of an XML document by the rules of Json.NET, which the service uses: attributes are members with `@`, the
 * declaration is `?xml`, siblings of the same name become an array where the first of them is, an element with
 * nothing but text is that text, `<a/>` is null and `<a></a>` an empty text. Values stay text. Comments are dropped, but for
 * an empty `#comment` list where siblings have several (published runs of ScoreUnder/IllogicApps).
 */
export function xmlToJson(document: Document): WdlObject {
  return groupMembers(childrenOf(document));
}

function groupMembers(nodes: readonly Node[], attributes: readonly (readonly [string, WdlValue])[] = []): WdlObject {
  const members = new Map<string, WdlValue[]>();
  const hasComments = nodes.filter(({ nodeType }) => nodeType === NODE.comment).length > 1;
  for (const node of nodes) {
    const name = memberName(node);
    if (name === undefined) continue;
    if (name === COMMENTS) {
      if (hasComments) members.set(name, []);
      continue;
    }
    members.set(name, [...(members.get(name) ?? []), memberValue(node)]);
  }
  const grouped = [...members].map(
    ([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values] as const,
  );
  return Object.fromEntries([...attributes, ...grouped]);
}

const COMMENTS = '#comment';

function memberName(node: Node): string | undefined {
  switch (node.nodeType) {
    case NODE.element:
      return node.nodeName;
    case NODE.text:
      return '#text';
    case NODE.cdata:
      return '#cdata-section';
    case NODE.instruction:
      return `?${node.nodeName}`;
    case NODE.doctype:
      return '!DOCTYPE';
    case NODE.comment:
      return COMMENTS;
    default:
      return undefined;
  }
}

function memberValue(node: Node): WdlValue {
  if (node.nodeType === NODE.element) return elementValue(node);
  if (node.nodeType === NODE.doctype) return doctype(node as DocumentType);
  const text = node.nodeValue ?? '';
  return node.nodeType === NODE.instruction && node.nodeName === 'xml' ? declaration(text) : text;
}

function elementValue(element: Node): WdlValue {
  const attributes = attributesOf(element).map(({ name, value }) => [`@${name}`, value] as const);
  const children = childrenOf(element);
  const [only] = children;
  if (attributes.length === 0) {
    if (only === undefined) return closesItself(element) ? null : '';
    if (children.length === 1 && only.nodeType === NODE.text) return only.nodeValue ?? '';
  }
  return groupMembers(children, attributes);
}

/** Members that are empty are left out; the reader makes a line break of a single carriage return. */
function doctype({ name, publicId, systemId, internalSubset }: DocumentType): WdlObject {
  const bare = (id: string) => id.replace(/^(["'])(.*)\1$/s, '$2');
  const members = [
    ['@name', name],
    ['@public', bare(publicId)],
    ['@system', bare(systemId)],
    ['@internalSubset', (internalSubset ?? '').replace(/\r(?!\n)/g, '\n')],
  ] as const;
  return Object.fromEntries(members.filter(([, value]) => value !== ''));
}

/** `version="1.0" encoding="utf-8"` -> `{ "@version": "1.0", "@encoding": "utf-8" }`. */
function declaration(text: string): WdlObject {
  const pairs = [...text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(pairs.map(([, name = '', double, single]) => [`@${name}`, double ?? single ?? '']));
}
