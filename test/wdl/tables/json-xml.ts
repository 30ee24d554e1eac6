import type { Row } from './row.ts';
import { fails, gives } from './row.ts';

/** XML as the language holds it. */
const xml = (text: string) => ({
  '$content-type': 'application/xml;charset=utf-8',
  $content: Buffer.from(text, 'utf8').toString('base64'),
});
const produce =
  '<?xml version="1.0"?><produce><item><name expired="true">Gala</name><count>20</count></item>' +
  '<item><name>Honeycrisp</name><count>10</count></item></produce>';
const context = { parameters: { items: produce, feed: '<f xmlns="https://contoso.com"><l>Paris</l></f>' } };

export const jsonXmlRows: readonly Row[] = [
  gives("addProperty(json('{\"a\": 1}'), 'b', null)", { a: 1, b: null }),
  fails("addProperty(json('{\"a\": 1}'), 'a', 2)", 'wdl.argument-value', 'as it already exists'),
  fails("addProperty(null, 'a', 2)", 'wdl.argument-type', "its first parameter 'object' to be an object"),

  gives("coalesce(null, '', 'x')", ''),
  gives('coalesce(null, null)', null),
  gives("coalesce(1, int('not evaluated'))", 1),
  fails('coalesce()', 'wdl.argument-count', "invoked with '0'"),

  gives('json(\'{"fullName": "Sophia Owen"}\')', { fullName: 'Sophia Owen' }),
  gives('json(\'"text"\')', 'text'),
  gives("json('12')", 12),
  fails('json(null)', 'wdl.argument-type', "to be a string or an XML. The provided value is of type 'Null'"),
  gives("json(binary('[1,2]'))", [1, 2]),
  gives('div(json(\'{"n": 2.0}\').n, 4)', 0.5),
  gives('string(json(\'{"id": 12345678901234567890, "long": 9007199254740993}\').long)', '9007199254740993'),
  gives("json(base64ToBinary('eyJhIjoxfQ=='))", { a: 1 }),
  gives('json(xml(\'<a><b>1</b><c x="2">3</c><b/></a>\'))', { a: { b: ['1', null], c: { '@x': '2', '#text': '3' } } }),
  gives("json(xml('<a><b></b><c/><d> </d></a>'))", { a: { b: '', c: null, d: '' } }),
  gives("json(xml('<a>1<!--x-->2<!--y--><b><!--z--></b></a>'))", { a: { '#text': ['1', '2'], '#comment': [], b: {} } }),
  gives('json(xml(\'<?xml version="1.0"?><!DOCTYPE a PUBLIC "p" "s" [<!ELEMENT a ANY>]><a/>\'))', {
    '?xml': { '@version': '1.0' },
    '!DOCTYPE': { '@name': 'a', '@public': 'p', '@system': 's', '@internalSubset': '<!ELEMENT a ANY>' },
    a: null,
  }),
  gives('json(xml(\'<!DOCTYPE a SYSTEM "" []><a/>\'))', { '!DOCTYPE': { '@name': 'a' }, a: null }),
  fails('json(xml(\'<?xml version="1.0" encoding="utf-16"?><a/>\'))', 'wdl.argument-value', 'not a supported encoding'),
  fails("json(xml(json('{}')))", 'wdl.argument-value', 'missing root element'),
  gives("json(xml(parameters('items'))).produce.item[1].count", '10', context),
  fails("json('{a: 1}')", 'wdl.argument-value', "The provided value '{a: 1}' cannot be parsed"),
  fails("json('')", 'wdl.argument-value', 'cannot be parsed'),
  fails('json(5)', 'wdl.argument-type', "to be a string or an XML. The provided value is of type 'Integer'"),

  gives('removeProperty(json(\'{"a": 1, "b": 2}\'), \'b\')', { a: 1 }),
  gives("removeProperty(json('{\"a\": 1}'), 'c')", { a: 1 }),
  fails("removeProperty('a', 'b')", 'wdl.argument-type', "type 'String'"),

  gives('setProperty(json(\'{"a": 1, "b": 2}\'), \'a\', 3)', { a: 3, b: 2 }),
  gives("setProperty(json('{\"a\": 1}'), 'b', createArray(1))", { a: 1, b: [1] }),
  gives("setProperty(json('{\"name\": 1}'), 'Name', 2)", { name: 2 }),
  fails("setProperty(json('{}'), 1, 2)", 'wdl.argument-type', "its second parameter 'property' to be a string"),

  gives("xml('<name>Sophia Owen</name>')", xml('<name>Sophia Owen</name>')),
  gives("concat(xml('<a b=\"1\"/>'), xml('<a></a>'))", '<a b="1" /><a></a>'),
  gives(
    "string(xml('<a>&#65;<![CDATA[<>]]><!--c--><b>&lt;&quot;</b></a>'))",
    '<a>A<![CDATA[<>]]><!--c--><b>&lt;"</b></a>',
  ),
  gives("xml('<a/>')?['$content-type']", 'application/xml;charset=utf-8'),
  gives("xml(xml('<a/>'))", xml('<a />')),
  gives("xml(binary('<'))", xml('<')),
  gives("xml(json('{}'))", xml('')),
  gives("binary(xml('<a/>'))", { '$content-type': 'application/octet-stream', $content: xml('<a />').$content }),
  gives("addProperty(xml('<a/>'), 'x', 1)", { ...xml('<a />'), x: 1 }),
  gives("equals(xml('<a/>'), xml('<a />'))", true),
  gives(
    'xml(json(\'{"person": {"@id": 1, "name": "S & O", "tags": ["a", "b"], "none": null, "ok": true}}\'))',
    xml('<person id="1"><name>S &amp; O</name><tags>a</tags><tags>b</tags><none /><ok>true</ok></person>'),
  ),
  gives(
    'xml(json(\'{"a": {"two words": 1, "b": "", "c": {}}}\'))',
    xml('<a><two_x0020_words>1</two_x0020_words><b></b><c /></a>'),
  ),
  gives('string(xml(json(\'{"p:a": {"@xmlns:q": "n", "q:b": 1}}\')))', '<a xmlns:q="n"><q:b>1</q:b></a>'),
  gives('string(xml(json(\'{"a": {"#cdata-section": ["<", "-"]}}\')))', '<a><![CDATA[<]]><![CDATA[-]]></a>'),
  fails('xml(json(\'{"a": {"#cdata-section": "]]>"}}\'))', 'wdl.argument-value', 'CDATA'),
  fails("length(xml('<a/>'))", 'wdl.argument-type', "of type 'Object'"),
  fails('xml(json(\'{"a": 1, "b": 2}\'))', 'wdl.argument-value', 'must have a single property at its root'),
  fails('xml(json(\'{"a": [1, 2]}\'))', 'wdl.argument-value', 'is an array'),
  fails("xml(createArray('a'))", 'wdl.argument-value', 'has no root property'),
  fails("xml('not xml')", 'wdl.argument-value', 'cannot be converted to XML'),
  fails("xml('<a><b></a>')", 'wdl.argument-value', 'cannot be converted to XML'),
  fails('xml(\'<?xml version="1.1"?><a/>\')', 'wdl.argument-value', "Version number '1.1' is invalid"),
  fails('xml(\' <?xml version="1.0"?><a/>\')', 'wdl.argument-value', 'Unexpected XML declaration'),
  fails("xml('<p:a/>')", 'wdl.argument-value', 'cannot be converted to XML'),

  gives("xpath(xml(parameters('items')), 'sum(/produce/item/count)')", 30, context),
  gives("xpath(xml(parameters('items')), '/produce/item/name/text()')", ['Gala', 'Honeycrisp'], context),
  gives("xpath(xml(parameters('items')), '//name[@expired]')", [xml('<name expired="true">Gala</name>')], context),
  gives("xpath(xml(parameters('items')), '//name/@expired')", ['true'], context),
  gives("first(xpath(xml(parameters('items')), '/produce/item[1]/name/text()'))", 'Gala', context),
  gives("length(xpath(xml(parameters('items')), '//item'))", 2, context),
  gives("xpath(xml(parameters('items')), '//nothing')", [], context),
  gives("xpath(xml(parameters('items')), 'count(//item) > 1')", true, context),
  gives(
    "xpath(xml(parameters('feed')), '//*[local-name()=\"l\"]')",
    [xml('<l xmlns="https://contoso.com">Paris</l>')],
    context,
  ),
  gives("xpath(xpath(xml(parameters('items')), '/produce/item[1]')[0], 'string(/item/name)')", 'Gala', context),
  fails(
    "xpath(xml(parameters('items')), '//[')",
    'wdl.argument-value',
    "the XPath expression '//[', which is not valid",
    context,
  ),
  gives('string(xpath(xml(\'<a xmlns:p="n"><p:b p:c="1"/></a>\'), \'/a/*\')[0])', '<p:b p:c="1" xmlns:p="n" />'),
  fails("xpath(null, '/a')", 'wdl.argument-type', 'to be an XML object'),
  fails("xpath('<a/>', '/a')", 'wdl.argument-type', 'to be an XML object'),
  fails("xpath(binary('<a/>'), '/a')", 'wdl.argument-type', 'to be an XML object'),
];
