import { bodyOfType } from '../content/body.ts';
import { findKey } from '../context.ts';
import { decodeBase64 } from '../text.ts';
import type { WdlObject, WdlValue } from '../values.ts';
import { isArray, isBinaryContent, isObject, wholeNumber } from '../values.ts';
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
    return fieldsOf(body, contentType)
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

/** The body with its fields or parts beside its bytes, whatever form it arrived in. */
function listed(body: WdlValue, contentType: string, name: '$formdata' | '$multipart'): readonly WdlObject[] {
  const whole = typeof body === 'string' || isObject(body) ? bodyOfType(body, contentType) : body;
  const list = isObject(whole) ? (whole[name] ?? null) : null;
  return isArray(list) ? list.filter(isObject) : [];
}

function fieldsOf(body: WdlValue, contentType: string): (readonly [string, WdlValue])[] {
  return listed(body, contentType, '$formdata').map(
    (field) => [memberText(field, 'key') ?? '', field['value'] ?? null] as const,
  );
}

function partsOf(body: WdlValue, contentType: string): Part[] {
  return listed(body, contentType, '$multipart').map((part) => {
    const headers = isObject(part['headers'] ?? null) ? (part['headers'] as WdlObject) : {};
    return {
      name: partName(memberText(headers, 'Content-Disposition') ?? ''),
      body: partValue(headers, part['body'] ?? null),
    };
  });
}

/** A field without a content type is a string, though the run history lists it as unknown bytes. */
function partValue(headers: WdlObject, body: WdlValue): WdlValue {
  const isUntyped = memberText(headers, 'Content-Type') === undefined;
  return isUntyped && isBinaryContent(body) ? decodeBase64(body.$content) : body;
}

function partName(disposition: string): string | undefined {
  const match = /\bname="([^"]*)"|\bname=([^;\s]+)/i.exec(disposition);
  return match?.[1] ?? match?.[2];
}

/** The index argument of the multipart functions: a whole number, also as text. */
export function partIndex(value: WdlValue): number | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : wholeNumber(value);
}
