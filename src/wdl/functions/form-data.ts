import { findKey } from '../context.ts';
import { decodeBase64 } from '../text.ts';
import type { WdlArray, WdlObject, WdlValue } from '../values.ts';
import { isArray, isObject, wholeNumber } from '../values.ts';
import { functionError } from './signature.ts';

/** One part of a multipart body. */
interface Part {
  readonly name: string | undefined;
  readonly body: WdlValue;
}

/**
 * Values of one form field in the outputs of an action or trigger. The runtime keeps a posted form parsed beside its
 * bytes, as `$formdata` (URL-encoded) or `$multipart`; a body that has only its bytes is read here.
 */
export function formValues(functionName: string, outputs: WdlValue, key: string): WdlValue[] {
  const { contentType, body } = contentOf(outputs);
  if (/^multipart\/form-data\b/i.test(contentType)) {
    return partsOf(body, contentType)
      .filter(({ name }) => name === key)
      .map((part) => part.body);
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    return fieldsOf(body)
      .filter(([name]) => name === key)
      .map(([, value]) => value);
  }
  throw functionError(
    functionName,
    `failed to retrieve formdata contents from outputs. The output content is not a valid form data content. ` +
      `Supported form data content types are 'multipart/form-data' and 'application/x-www-form-urlencoded' and the ` +
      `provided content type is '${contentType || '<null>'}'`,
    'wdl.argument-type',
  );
}

/** The only value of a form field; null when there is none. */
export function formValue(functionName: string, outputs: WdlValue, key: string): WdlValue {
  const values = formValues(functionName, outputs, key);
  if (values.length <= 1) return values[0] ?? null;
  throw functionError(
    functionName,
    `failed to retrieve formdata contents from outputs. There are more than one items matching the field name '${key}'`,
    'wdl.argument-value',
    'Use formDataMultiValues or triggerFormDataMultiValues.',
  );
}

/** Body of the part with a zero-based index. */
export function multipartBody(functionName: string, outputs: WdlValue, index: number): WdlValue {
  const { contentType, body } = contentOf(outputs);
  if (!/^multipart\//i.test(contentType)) {
    throw functionError(
      functionName,
      `failed to retrieve multipart contents from outputs. The supported multipart content type is 'multipart/*' and the ` +
        `provided content type is '${contentType || '<null>'}'`,
      'wdl.argument-type',
    );
  }
  const parts = partsOf(body, contentType);
  const part = index < 0 ? undefined : parts[index];
  if (part !== undefined) return part.body;
  throw functionError(
    functionName,
    `failed to retrieve multipart contents from outputs. The index value '${index}' exceeds the number of multipart ` +
      `contents '${parts.length}' in the outputs`,
    'wdl.index-out-of-range',
  );
}

function contentOf(outputs: WdlValue): { contentType: string; body: WdlValue } {
  const members = isObject(outputs) ? outputs : {};
  const body = members['body'] ?? null;
  const own = isObject(body) ? body['$content-type'] : undefined;
  const headers = members['headers'] ?? null;
  const header = isObject(headers) ? memberText(headers, 'Content-Type') : undefined;
  return { contentType: typeof own === 'string' ? own : (header ?? ''), body };
}

function memberText(object: WdlObject, name: string): string | undefined {
  const key = findKey(object, name);
  const value = key === undefined ? undefined : object[key];
  return typeof value === 'string' ? value : undefined;
}

function bytesText(body: WdlValue): string {
  if (typeof body === 'string') return body;
  const content = isObject(body) ? body['$content'] : undefined;
  return typeof content === 'string' ? decodeBase64(content) : '';
}

function parsedList(body: WdlValue, name: '$formdata' | '$multipart'): WdlArray | undefined {
  const list = isObject(body) ? (body[name] ?? null) : null;
  return isArray(list) ? list : undefined;
}

function fieldsOf(body: WdlValue): (readonly [string, WdlValue])[] {
  const parsed = parsedList(body, '$formdata');
  if (parsed === undefined) return [...new URLSearchParams(bytesText(body))];
  return parsed.filter(isObject).map((field) => [memberText(field, 'key') ?? '', field['value'] ?? null] as const);
}

function partsOf(body: WdlValue, contentType: string): Part[] {
  const parsed = parsedList(body, '$multipart');
  if (parsed === undefined) return readMultipart(bytesText(body), contentType);
  return parsed.filter(isObject).map((part) => {
    const headers = part['headers'] ?? null;
    const disposition = isObject(headers) ? memberText(headers, 'Content-Disposition') : undefined;
    return { name: partName(disposition ?? ''), body: part['body'] ?? null };
  });
}

function partName(disposition: string): string | undefined {
  const match = /\bname="([^"]*)"|\bname=([^;\s]+)/i.exec(disposition);
  return match?.[1] ?? match?.[2];
}

/** RFC 2046, as far as forms need it: parts between boundaries, headers, an empty line, content. */
function readMultipart(content: string, contentType: string): Part[] {
  const match = /\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return [];
  const sections = content
    .split(`--${boundary}`)
    .slice(1)
    .filter((section) => !section.startsWith('--'));
  return sections.map((section) => {
    const [, headers = '', body = ''] = /^\r?\n([\s\S]*?)\r?\n\r?\n([\s\S]*?)(?:\r?\n)?$/.exec(section) ?? [];
    return { name: partName(/^content-disposition:(.*)$/im.exec(headers)?.[1] ?? ''), body };
  });
}

/** The index argument of the multipart functions: a whole number, also as text. */
export function partIndex(value: WdlValue): number | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : wholeNumber(value);
}
