import type { Row } from './row.ts';
import { fails, gives } from './row.ts';

const octets = (base64: string) => ({ '$content-type': 'application/octet-stream', $content: base64 });
const plainText = { '$content-type': 'text/plain;charset=utf-8', $content: 'aGVsbG8=' };

export const conversionRows: readonly Row[] = [
  gives("array('hello')", ['hello']),
  gives('array(createArray(1))', [[1]]),
  fails('array()', 'wdl.argument-count', "expects one parameter: 'value'"),

  gives("base64('hellö')", 'aGVsbMO2'),
  gives("base64(base64ToBinary('AAEC'))", 'AAEC'),
  fails('base64(5)', 'wdl.argument-type', "to be a string. The provided value is of type 'Integer'"),

  gives("base64ToBinary('aGVsbG8=')", octets('aGVsbG8=')),
  fails("base64ToBinary('not base64!')", 'wdl.argument-value', 'cannot be decoded from base64'),

  gives("base64ToString('aGVsbG8=')", 'hello'),
  gives("base64ToString('4oKs')", '€'),
  fails("base64ToString('abc')", 'wdl.argument-value', 'cannot be decoded from base64'),
  fails("base64ToString(json('{}'))", 'wdl.argument-type', "type 'Object'"),
  gives("decodeBase64('aGVsbG8=')", 'hello'),
  fails('decodeBase64(null)', 'wdl.argument-type', "function 'decodeBase64'"),

  gives("binary('hello')", octets('aGVsbG8=')),
  fails('binary(null)', 'wdl.argument-value', 'cannot be converted'),

  gives('bool(0)', false),
  gives('bool(-1)', true),
  gives("bool('TRUE')", true),
  gives("bool(' false ')", false),
  gives('bool(true)', true),
  fails("bool('yes')", 'wdl.argument-value', 'The value cannot be converted to the target type'),
  fails('bool(null)', 'wdl.argument-value', 'cannot be converted'),

  gives("createArray('h', 1, null)", ['h', 1, null]),
  gives('createArray(createArray(1))', [[1]]),
  fails('createArray()', 'wdl.argument-count', "invoked with '0' parameter(s)"),

  gives("dataUri('hello')", 'data:text/plain;charset=utf-8;base64,aGVsbG8='),
  gives("dataUri(base64ToBinary('AAEC'))", 'data:application/octet-stream;base64,AAEC'),
  fails('dataUri(1)', 'wdl.argument-type', "type 'Integer'"),

  gives("dataUriToBinary('data:text/plain;charset=utf-8;base64,aGVsbG8=')", plainText),
  gives("dataUriToBinary('data:,a%20b')", { '$content-type': 'text/plain;charset=US-ASCII', $content: 'YSBi' }),
  fails("dataUriToBinary('hello')", 'wdl.argument-value', 'formatted as a valid data URI'),

  gives("dataUriToString('data:text/plain;charset=utf-8;base64,aGVsbG8=')", 'hello'),
  gives("dataUriToString('data:text/plain,a%20b')", 'a b'),
  fails("dataUriToString('data:text/plain;base64,###')", 'wdl.argument-value', 'cannot be decoded from base64'),

  gives("decodeDataUri('data:text/plain;charset=utf-8;base64,aGVsbG8=')", 'hello'),
  gives('decodeDataUri(\'data:application/json,{"a":1}\')', { a: 1 }),
  gives("decodeDataUri('data:image/png;base64,AAEC')", { '$content-type': 'image/png', $content: 'AAEC' }),
  fails("decodeDataUri('text')", 'wdl.argument-value', "function 'decodeDataUri'"),

  gives("decimal('1.50')", 1.5),
  gives("string(decimal('1.50'))", '1.50'),
  gives("string(mul(decimal('0.1'), decimal('3')))", '0.3'),
  gives("string(div(decimal('1'), decimal('3')))", '0.3333333333333333333333333333'),
  gives("string(sub(decimal('1.10'), 1))", '0.10'),
  gives("string(decimal('1,000.5'))", '1000.5'),
  fails("decimal('abc')", 'wdl.argument-value', 'cannot be converted'),
  fails("decimal('1e40')", 'wdl.overflow', 'too large or too small for a decimal'),

  gives("encodeUriComponent('a b&c=ü')", 'a%20b%26c%3D%C3%BC'),
  gives("encodeURIComponent('/subscriptions/1')", '%2Fsubscriptions%2F1'),
  gives("uriComponent('it''s (ok)!*')", 'it%27s%20%28ok%29%21%2A'),
  fails('uriComponent()', 'wdl.argument-count', "invoked with '0'"),
  fails('encodeUriComponent()', 'wdl.argument-count', "invoked with '0'"),
  gives("decodeUriComponent('a%20b%26c+d')", 'a b&c d'),
  gives("decodeUriComponent('100%')", '100%'),
  fails('decodeUriComponent(1)', 'wdl.argument-type', "type 'Integer'"),
  gives("uriComponentToString('https%3A%2F%2Fcontoso.com')", 'https://contoso.com'),
  fails('uriComponentToString(null)', 'wdl.argument-type', "type 'Null'"),
  gives("uriComponentToBinary('https%3A%2F%2Fcontoso.com')", octets('aHR0cHM6Ly9jb250b3NvLmNvbQ==')),
  fails('uriComponentToBinary(null)', 'wdl.argument-type', "type 'Null'"),

  gives("float('10.333')", 10.333),
  gives("float('10.000,333', 'de-DE')", 10000.333),
  gives("float('1e3')", 1000),
  gives("div(float('10'), 4)", 2.5),
  gives('div(float(10), 4)', 2.5),
  fails("float('abc')", 'wdl.argument-value', 'cannot be converted'),
  fails("float('')", 'wdl.argument-value', 'cannot be converted'),
  fails("float('1', 'xx-XX')", 'wdl.argument-value', "the locale 'xx-XX'"),

  gives("int('-10')", -10),
  gives("int(' 03 ')", 3),
  gives('int(true)', 1),
  gives('int(3.0)', 3),
  fails("int('1.5')", 'wdl.argument-value', 'The value cannot be converted to the target type'),
  fails('int(1.5)', 'wdl.argument-value', 'cannot be converted'),
  fails("int('9223372036854775808')", 'wdl.argument-value', 'cannot be converted'),
  fails('int(null)', 'wdl.argument-value', 'cannot be converted'),

  gives('string(10)', '10'),
  gives('string(null)', ''),
  gives('string(true)', 'True'),
  gives('string(10.0)', '10'),
  gives('string(0.00001)', '1E-05'),
  gives('string(1e16)', '1E+16'),
  gives('string(123456789012345678)', '123456789012345678'),
  gives("string(createArray(1, 1.0, true, null, 'x\"y'))", '[1,1.0,true,null,"x\\"y"]'),
  gives('string(json(\'{ "name": "Sophie Owen", "n": [1, {}] }\'))', '{"name":"Sophie Owen","n":[1,{}]}'),
  gives("string(base64ToBinary('aGVsbG8='))", 'hello'),
  fails('string()', 'wdl.argument-count', "expects one parameter: 'value'"),
];
