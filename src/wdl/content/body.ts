import { findKey } from '../context.ts';
import { WdlError } from '../errors.ts';
import { JsonTextError, jsonText, parseJsonText } from '../json-text.ts';
import { encodeBase64 } from '../text.ts';
import { type BinaryContent, binaryContent, isBinaryContent, type WdlObject, type WdlValue } from '../values.ts';
import { formFields } from './form-fields.ts';
import { multipartParts } from './multipart.ts';

const FORM = 'application/x-www-form-urlencoded';

/**
 * The body of a message as a workflow sees it ("Handle content types in Azure Logic Apps"): JSON and text as they are, a
 * content object `{ $content-type, $content }` for every other type, with the fields of a form (`$formdata`) or the parts of a
 * multipart body (`$multipart`) beside its bytes. The shapes of both are those of published runs (ScoreUnder/IllogicApps,
 * traces of simpleRelativePath). Types that end in `+json` count as JSON: nothing in writing says so.
 * @param body text or JSON as it was sent; a content object is taken for the bytes it stands for
 * @param contentType the header; without one the body stays as it is
 */
export function bodyOfType(body: WdlValue, contentType: string | undefined): WdlValue {
  if (contentType === undefined || contentType.trim() === '') return body;
  const media = mediaType(contentType);
  if (isBinaryContent(body)) return withParts(body, media);
  if (isJsonType(media)) return body;
  const text = typeof body === 'string' ? body : jsonText(body);
  if (media.startsWith('text/')) return text;
  return withParts(binaryContent(encodeBase64(text), contentType), media);
}

/** `Text/Plain; charset=utf-8` -> `text/plain`. */
export function mediaType(contentType: string): string {
  return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Whether a media type, as `mediaType` gives it, is JSON. */
export function isJsonType(media: string): boolean {
  return media === 'application/json' || media === 'text/json' || media.endsWith('+json');
}

function withParts(content: BinaryContent, media: string): WdlObject {
  if (content['$formdata'] !== undefined || content['$multipart'] !== undefined) return content;
  const bytes = Buffer.from(content.$content, 'base64');
  if (media === FORM) {
    return { ...content, $formdata: formFields(bytes.toString('utf8')).map(([key, value]) => ({ key, value })) };
  }
  if (!media.startsWith('multipart/')) return content;
  const parts = multipartParts(bytes, content['$content-type']);
  return {
    ...content,
    $multipart: parts.map(({ headers, bytes: part }) => ({ headers, body: partBody(headers, part) })),
  };
}

/** A part without a type of its own is a content object of unknown bytes. */
function partBody(headers: Readonly<Record<string, string>>, bytes: Buffer): WdlValue {
  const name = findKey(headers, 'Content-Type');
  const contentType = (name && headers[name]) || 'application/octet-stream';
  const media = mediaType(contentType);
  if (media.startsWith('text/')) return bytes.toString('utf8');
  if (isJsonType(media)) return jsonOrText(bytes.toString('utf8'));
  return binaryContent(bytes.toString('base64'), contentType);
}

/** What cannot be read, or nests too deeply, stays text. */
function jsonOrText(text: string): WdlValue {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (error instanceof JsonTextError || error instanceof WdlError) return text;
    throw error;
  }
}

/** What the other side receives of a body: the text of a content object that holds text, and its type. */
export function sentBody(body: WdlValue): { readonly body: WdlValue; readonly contentType?: string } {
  if (!isBinaryContent(body)) return { body };
  const contentType = body['$content-type'];
  const media = mediaType(contentType);
  const isText =
    media.startsWith('text/') ||
    isJsonType(media) ||
    /[/+]xml$/.test(media) ||
    media === FORM ||
    /charset=/i.test(contentType);
  return { body: isText ? Buffer.from(body.$content, 'base64').toString('utf8') : body, contentType };
}
