import { toText } from '../text.ts';
import type { WdlObject, WdlValue } from '../values.ts';
import { isArray, isObject, typeName } from '../values.ts';
import { plainText } from './serialize.ts';

/** Why a JSON value has no XML form; worded as a sentence. */
export class XmlShapeError extends Error {}

/**
 * XML text of a JSON object by the rules of Json.NET: members with `@` are attributes, `#text` is text, `?xml` the
 * declaration, arrays repeat their element, null is an empty element. Throws `XmlShapeError` unless there is exactly one
 * root element.
 */
export function jsonToXml(value: WdlValue): string {
  if (!isObject(value)) {
    throw new XmlShapeError(`A value of type '${typeName(value)}' has no root property. Wrap it in an object.`);
  }
  const entries = Object.entries(value);
  const roots = entries.filter(([name]) => !/^[?!#@]/.test(name));
  const [root] = roots;
  if (roots.length !== 1 || root === undefined || entries.some(([name]) => /^[#@]/.test(name))) {
    throw new XmlShapeError(
      'The JSON object must have a single property at its root in order to create a valid XML document.',
    );
  }
  if (isArray(root[1])) {
    throw new XmlShapeError(`The root property '${root[0]}' is an array, which would make several root elements.`);
  }
  const declaration = value['?xml'];
  return (
    (isObject(declaration ?? null) ? xmlDeclaration(declaration as WdlObject) : '') +
    elements(root[0], root[1], BUILT_IN_PREFIXES)
  );
}

function xmlDeclaration(members: WdlObject): string {
  const attributes = ['version', 'encoding', 'standalone']
    .filter((name) => members[`@${name}`] !== undefined)
    .map((name) => ` ${name}="${escapeAttribute(scalarText(members[`@${name}`] ?? null))}"`);
  return `<?xml${attributes.join('')}?>`;
}

type Prefixes = ReadonlySet<string>;

const BUILT_IN_PREFIXES: Prefixes = new Set(['xml', 'xmlns']);

/** One element, or one for each item of an array. */
function elements(name: string, value: WdlValue, prefixes: Prefixes): string {
  if (!isArray(value)) return element(name, value, prefixes);
  // An array inside an array becomes an element of the same name around its items.
  return value.map((item) => element(name, isArray(item) ? { [name]: item } : item, prefixes)).join('');
}

function element(name: string, value: WdlValue, around: Prefixes): string {
  if (!isObject(value)) {
    const tag = encodedName(name, around);
    return value === null ? `<${tag} />` : `<${tag}>${escapeText(scalarText(value))}</${tag}>`;
  }
  const members = Object.entries(value);
  const declared = members.flatMap(([member]) => (member.startsWith('@xmlns:') ? [member.slice(7)] : []));
  const prefixes = declared.length > 0 ? new Set([...around, ...declared]) : around;
  const tag = encodedName(name, prefixes);
  let attributes = '';
  let content = '';
  for (const [member, child] of members) {
    if (member.startsWith('@') && !isObject(child) && !isArray(child)) {
      attributes += ` ${encodedName(member.slice(1), prefixes)}="${escapeAttribute(scalarText(child))}"`;
    } else if (member === '#text') content += escapeText(texts(child));
    else if (member === '#cdata-section') content += (isArray(child) ? child : [child]).map(cdata).join('');
    else content += elements(member, child, prefixes);
  }
  return content === '' ? `<${tag}${attributes} />` : `<${tag}${attributes}>${content}</${tag}>`;
}

function cdata(value: WdlValue): string {
  const text = scalarText(value);
  if (!text.includes(']]>')) return `<![CDATA[${text}]]>`;
  throw new XmlShapeError("A CDATA section cannot hold ']]>'.");
}

function texts(value: WdlValue): string {
  return isArray(value) ? value.map(scalarText).join('') : scalarText(value);
}

/** Booleans keep their JSON spelling inside XML. */
function scalarText(value: WdlValue): string {
  return typeof value === 'boolean' ? String(value) : toText(value);
}

function escapeText(text: string): string {
  return plainText(removeForbidden(text));
}

function escapeAttribute(text: string): string {
  return escapeText(text)
    .replace(/"/g, '&quot;')
    .replace(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`);
}

/** Characters that XML 1.0 cannot hold, not even escaped. */
function removeForbidden(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}

/** A prefix that nothing declares is left out, as Json.NET does. */
function encodedName(name: string, prefixes: Prefixes): string {
  const colon = name.indexOf(':');
  const isUnknown = colon > 0 && !prefixes.has(name.slice(0, colon));
  return encodeName(isUnknown ? name.slice(colon + 1) : name);
}

/** Characters that a name cannot hold are written `_xHHHH_`, as .NET's `XmlConvert.EncodeName` does. */
function encodeName(name: string): string {
  const encoded = [...name].map((character, index) => {
    const allowed = index === 0 ? /[\p{L}_]/u : /[\p{L}\p{N}\p{M}._:-]/u;
    if (allowed.test(character)) return character;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `_x${code.padStart(code.length > 4 ? 8 : 4, '0')}_`;
  });
  return encoded.join('') || '_x0000_';
}
