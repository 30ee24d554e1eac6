import type { DocumentType, Node } from '@xmldom/xmldom';
import { attributesOf, childrenOf, closesItself, NODE } from './document.ts';

/** Prefix -> namespace, '' for the default one: what has been declared in the text so far. */
type Declared = ReadonlyMap<string, string>;

const NOTHING_DECLARED: Declared = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ['xmlns', 'http://www.w3.org/2000/xmlns/'],
]);

/**
 * XML text of a node as .NET's `XmlNode.OuterXml` writes it: `<a />` where the source had `<a/>`, `<a></a>` where it had that, and
 * on a node out of a document the namespaces that its ancestors declare.
 */
export function serializeXml(node: Node): string {
  return written(node, NOTHING_DECLARED);
}

function written(node: Node, declared: Declared): string {
  switch (node.nodeType) {
    case NODE.document:
      return childrenOf(node)
        .map((child) => written(child, declared))
        .join('');
    case NODE.element:
      return element(node, declared);
    case NODE.attribute:
      return `${node.nodeName}="${attributeText(node.nodeValue ?? '')}"`;
    case NODE.text:
      return plainText(node.nodeValue ?? '');
    case NODE.cdata:
      return `<![CDATA[${node.nodeValue ?? ''}]]>`;
    case NODE.comment:
      return `<!--${node.nodeValue ?? ''}-->`;
    case NODE.instruction:
      return `<?${node.nodeName}${node.nodeValue ? ` ${node.nodeValue}` : ''}?>`;
    case NODE.doctype:
      return doctype(node as DocumentType);
    default:
      return '';
  }
}

function element(node: Node, declared: Declared): string {
  const name = node.nodeName;
  const attributes = attributesOf(node);
  const own = new Map(declared);
  for (const attribute of attributes) {
    if (attribute.name === 'xmlns') own.set('', attribute.value);
    else if (attribute.name.startsWith('xmlns:')) own.set(attribute.name.slice(6), attribute.value);
  }
  const added: string[] = [];
  for (const { prefix, namespace } of [
    { prefix: prefixOf(name), namespace: node.namespaceURI ?? '' },
    ...attributes
      .filter((one) => one.name.includes(':'))
      .map((one) => ({ prefix: prefixOf(one.name), namespace: one.namespace })),
  ]) {
    if (own.get(prefix) === namespace || prefix === 'xmlns') continue;
    own.set(prefix, namespace);
    added.push(` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${attributeText(namespace)}"`);
  }
  const given = attributes.map((attribute) => ` ${attribute.name}="${attributeText(attribute.value)}"`);
  const head = `<${name}${given.join('')}${added.join('')}`;
  const children = childrenOf(node);
  if (children.length === 0 && closesItself(node)) return `${head} />`;
  return `${head}>${children.map((child) => written(child, own)).join('')}</${name}>`;
}

function prefixOf(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? '' : name.slice(0, colon);
}

/** .NET writes the brackets of the internal subset even where it is empty. */
function doctype({ name, publicId, systemId, internalSubset }: DocumentType): string {
  const quoted = (id: string) => (/^["'].*["']$/s.test(id) ? id : `"${id}"`);
  const id = publicId
    ? ` PUBLIC ${quoted(publicId)} ${quoted(systemId)}`
    : systemId
      ? ` SYSTEM ${quoted(systemId)}`
      : '';
  return `<!DOCTYPE ${name}${id}[${internalSubset ?? ''}]>`;
}

/** Text with `&`, `<` and `>` as references. */
export function plainText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function attributeText(text: string): string {
  return plainText(text)
    .replace(/"/g, '&quot;')
    .replace(/[\n\r]/g, (character) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`);
}
