import type { Document } from '@xmldom/xmldom';
import { findKey } from '../context.ts';
import { WdlError } from '../errors.ts';
import { JsonTextError, jsonText, parseJsonText } from '../json-text.ts';
import { decodeBase64 } from '../text.ts';
import type { WdlObject, WdlValue } from '../values.ts';
import { isBinaryContent, typeName, WdlXml } from '../values.ts';
import { parseXml, serializeXml, XmlTextError } from '../xml/document.ts';
import { jsonToXml, XmlShapeError } from '../xml/from-json.ts';
import { xmlToJson } from '../xml/to-json.ts';
import { selectXPath } from '../xml/xpath.ts';
import type { FunctionDefinition, Parameter } from './signature.ts';
import { any, define, defineLazy, functionError, object, text } from './signature.ts';

function addProperty(target: WdlObject, name: string, value: WdlValue): WdlValue {
  if (findKey(target, name) === undefined) return { ...target, [name]: value };
  throw functionError(
    'addProperty',
    `expects the property not to exist in the object. Unable to add property '${name}' to '${excerpt(jsonText(target))}' as it already exists`,
    'wdl.argument-value',
    'Use setProperty to replace it.',
  );
}

/** Names match without regard to case, so that a replaced member keeps its spelling and its place. */
function setProperty(target: WdlObject, name: string, value: WdlValue): WdlValue {
  return { ...target, [findKey(target, name) ?? name]: value };
}

function removeProperty(target: WdlObject, name: string): WdlValue {
  const key = findKey(target, name);
  return key === undefined ? target : Object.fromEntries(Object.entries(target).filter(([member]) => member !== key));
}

function excerpt(value: string): string {
  return value.length > 200 ? `${value.slice(0, 200)}…` : value;
}

/** Text or XML, plain or as binary content. */
function textOrXml(name: string, expects: string): Parameter<string | WdlXml> {
  const read = (value: WdlValue) => {
    if (typeof value === 'string' || value instanceof WdlXml) return value;
    if (!isBinaryContent(value)) return undefined;
    const content = decodeBase64(value.$content);
    return /^[^;]*\bxml\b/i.test(value['$content-type']) ? new WdlXml(content) : content;
  };
  return { name, expects, optional: false, read };
}

function json(value: string | WdlXml): WdlValue {
  if (value instanceof WdlXml) return xmlToJson(readXml('json', value.text));
  try {
    return parseJsonText(value);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw functionError(
      'json',
      `parameter is not valid. The provided value '${excerpt(value)}' cannot be parsed: '${error.message}'`,
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

function xml(value: WdlValue): WdlValue {
  const source = isBinaryContent(value) ? decodeBase64(value.$content) : value;
  if (source instanceof WdlXml) return source;
  if (typeof source === 'string') return new WdlXml(serializeXml(readXml('xml', source)));
  try {
    return new WdlXml(serializeXml(readXml('xml', jsonToXml(source))));
  } catch (error) {
    if (!(error instanceof XmlShapeError)) throw error;
    throw functionError(
      'xml',
      `parameter is not valid. The provided value of type '${typeName(source)}' cannot be converted to XML: '${error.message}'`,
    );
  }
}

function xpath(source: string | WdlXml, expression: string): WdlValue {
  const document = readXml('xpath', source instanceof WdlXml ? source.text : source);
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
  define('json', [nullAs(textOrXml('value', 'a string or an XML'))], ([value]) => (value === null ? {} : json(value))),
  define('removeProperty', [object('object'), text('property')], ([target, name]) => removeProperty(target, name)),
  define('setProperty', [object('object'), text('property'), any('value')], ([target, name, value]) =>
    setProperty(target, name, value),
  ),
  define('xml', [any('value')], ([value]) => xml(value)),
  define('xpath', [textOrXml('xml', 'an XML object'), text('xpath')], ([source, expression]) =>
    xpath(source, expression),
  ),
];

/** The documentation gives `json(null)` an empty object. */
function nullAs<T>(parameter: Parameter<T>): Parameter<T | null> {
  return { ...parameter, read: (value) => (value === null ? null : parameter.read(value)) };
}
