import { decodeBase64, encodeBase64 } from '../text.ts';
import { checkedBase64 } from './base64-argument.ts';
import { functionError } from './signature.ts';
import { percentDecode } from './uri-text.ts';

/** What a data URI says of its content, and the content. */
interface DataUri {
  readonly contentType: string;
  /** As written, where the URI says that it is base64: nothing looks at it before somebody needs its bytes. */
  readonly base64: string;
}

/**
 * Reads a data URI (RFC 2397) as the service does: only a last `;base64` makes the content base64, without a media type it is
 * `text/plain`. Source: the cases of ScoreUnder/IllogicApps, measured on the Logic Apps host.
 */
export function readDataUri(functionName: string, uri: string): DataUri {
  const comma = uri.indexOf(',');
  if (!/^data:/i.test(uri) || comma < 0) throw badDataUri(functionName, uri);
  const parts = uri.slice(5, comma).split(';');
  const content = uri.slice(comma + 1);
  const isMarked = parts.at(-1)?.toLowerCase() === 'base64';
  if (isMarked) parts.pop();
  const [first = ''] = parts;
  if (parts.length > 1 && first === '') throw badDataUri(functionName, uri);
  return {
    contentType: first === '' ? 'text/plain' : parts.join(';'),
    base64: isMarked ? content : encodeBase64(percentDecode(content)),
  };
}

/** The same for binary content: type and subtype, parameters with one `=`, a known charset. */
export function readBinaryDataUri(functionName: string, uri: string): DataUri {
  const found = readDataUri(functionName, uri);
  const [media = '', ...segments] = found.contentType.split(';');
  const isMedia = media.split('/').length === 2;
  if (!isMedia || segments.some((segment) => segment.split('=').length > 2)) throw badDataUri(functionName, uri);
  for (const charset of segments.map(charsetOf)) {
    if (charset !== undefined && decoderOf(charset) === undefined) throw charsetError(functionName, charset);
  }
  return found;
}

/** The text of a data URI. The first parameter of its type may name no charset but UTF-8; later ones are not looked at. */
export function dataUriText(functionName: string, uri: string): string {
  const { contentType, base64 } = readDataUri(functionName, uri);
  const charset = charsetOf(contentType.split(';')[1] ?? '');
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') throw charsetError(functionName, charset);
  return decodeBase64(checkedBase64(functionName, base64));
}

function charsetOf(segment: string): string | undefined {
  return /^\s*charset=(.*)$/is.exec(segment)?.[1]?.trim();
}

function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

function charsetError(functionName: string, charset: string): Error {
  return functionError(functionName, `cannot read a data URI with the charset '${charset}'`);
}

function badDataUri(functionName: string, uri: string): Error {
  return functionError(
    functionName,
    `expects its parameter to be formatted as a valid data URI. The provided value '${uri.slice(0, 100)}' was not formatted correctly`,
    'wdl.argument-value',
    'A data URI looks like data:text/plain;charset=utf-8;base64,aGVsbG8=',
  );
}
