import type { Document } from '@xmldom/xmldom';
import { findKey } from '../context.ts';
import { WdlError } from '../errors.ts';
import { JsonTextError, jsonText, parseJsonText } from '../json-text.ts';
import { decodeBase64 } from '../text.ts';
import type { BinaryContent, WdlObject, WdlValue } from '../values.ts';
import { isBinaryContent, isObject, typeName } from '../values.ts';
import { isXmlContent, markedAsXml, xmlContent } from '../xml/content.ts';
import { parseXml, XmlTextError } from '../xml/document.ts';
import { jsonToXml, XmlShapeError } from '../xml/from-json.ts';
import { serializeXml } from '../xml/serialize.ts';
import { xmlToJson } from '../xml/to-json.ts';
import { selectXPath } from '../xml/xpath.ts';
import type { FunctionDefinition, Parameter } from './signature.ts';
import { any, define, defineLazy, functionError, object, text, textOrContent } from './signature.ts';

function addProperty(target: WdlObject, name: string, value: WdlValue): WdlValue {
  if (findKey(target, name) === undefined) return { ...target, [name]: value };
  throw functionError(
    'addProperty',
    `expects the property not to exist in the object. Unable to add property '${name}' to '${excerpt(jsonText(target))}' as it already exists`,
    'wdl.argument-value',
    'Use setProperty to replace it.',
  );
}

/** Names match without regard to case: a replaced member keeps its spelling, and goes to the end. */
function setProperty(target: WdlObject, name: string, value: WdlValue): WdlValue {
  return { ...(removeProperty(target, name) as WdlObject), [findKey(target, name) ?? name]: value };
}

function removeProperty(target: WdlObject, name: string): WdlValue {
  const key = findKey(target, name);
  return key === undefined ? target : Object.fromEntries(Object.entries(target).filter(([member]) => member !== key));
}

function excerpt(value: string): string {
  return value.length > 200 ? `${value.slice(0, 200)}…` : value;
}

/** Content that says that it is XML; a string is none. */
function xmlParameter(name: string): Parameter<BinaryContent> {
  const read = (value: WdlValue) => (isBinaryContent(value) && isXmlContent(value) ? value : undefined);
  return { name, expects: 'an XML object', optional: false, read };
}

/** Text is read as JSON. Content is XML where its type says so, and JSON otherwise. */
function json(value: string | BinaryContent): WdlValue {
  if (typeof value !== 'string' && isXmlContent(value)) {
    const source = decodeBase64(value.$content);
    checkEncoding(source);
    return xmlToJson(readXml('json', source));
  }
  const source = typeof value === 'string' ? value : decodeBase64(value.$content);
  try {
    return parseJsonText(source);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw functionError(
      'json',
      `parameter is not valid. The provided value '${excerpt(source)}' cannot be parsed: '${error.message}'`,
      'wdl.argument-value',
      'The value must be JSON text: names and texts in double quotation marks.',
    );
  }
}

function readXml(functionName: string, source: string): Document {
  try {
    return parseXml(source);
  } catch (error) {
    if (!(error instanceof XmlTextError)) throw error;
    throw functionError(
      functionName,
      `parameter is not valid. The provided value cannot be converted to XML: '${error.message}'`,
    );
  }
}

/** Encodings in which the bytes of the content, which are UTF-8, can be read. */
const READABLE_ENCODINGS = /^(?:utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|latin1|windows-125\d)$/i;

function checkEncoding(source: string): void {
  const encoding = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']/.exec(source)?.[1];
  if (encoding === undefined || READABLE_ENCODINGS.test(encoding)) return;
  throw functionError(
    'json',
    `parameter is not valid. The encoding '${encoding}' of the XML is not a supported encoding`,
  );
}

/** Text and JSON are read and written anew; content of any type is taken for XML without a look at it. */
function xml(value: WdlValue): WdlValue {
  if (isBinaryContent(value)) return markedAsXml(value.$content);
  if (typeof value === 'string') return xmlContent(serializeXml(readXml('xml', value)));
  if (isObject(value) && Object.keys(value).length === 0) return xmlContent('');
  try {
    return xmlContent(serializeXml(readXml('xml', jsonToXml(value))));
  } catch (error) {
    if (!(error instanceof XmlShapeError)) throw error;
    throw functionError(
      'xml',
      `parameter is not valid. The provided value of type '${typeName(value)}' cannot be converted to XML: '${error.message}'`,
    );
  }
}

function xpath(source: BinaryContent, expression: string): WdlValue {
  const document = readXml('xpath', decodeBase64(source.$content));
  try {
    return selectXPath(document, expression);
  } catch (error) {
    if (error instanceof WdlError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw functionError(
      'xpath',
      `was invoked with the XPath expression '${excerpt(expression)}', which is not valid: ${excerpt(why)}`,
    );
  }
}

/** Reference: "JSON and XML manipulation functions", with the conversions `json` and `xml`. */
export const jsonXmlFunctions: readonly FunctionDefinition[] = [
  define('addProperty', [object('object'), text('property'), any('value')], ([target, name, value]) =>
    addProperty(target, name, value),
  ),
  defineLazy('coalesce', [any('object1')], true, (args) => {
    for (const evaluate of args) {
      const value = evaluate();
      if (value !== null) return value;
    }
    return null;
  }),
  // The function page gives json(null) an empty object; runs fail with this message.
  define('json', [textOrContent('value', 'a string or an XML')], ([value]) => json(value)),
  define('removeProperty', [object('object'), text('property')], ([target, name]) => removeProperty(target, name)),
  define('setProperty', [object('object'), text('property'), any('value')], ([target, name, value]) =>
    setProperty(target, name, value),
  ),
  define('xml', [any('value')], ([value]) => xml(value)),
  define('xpath', [xmlParameter('xml'), text('xpath')], ([source, expression]) => xpath(source, expression)),
];
