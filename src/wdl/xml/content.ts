import { encodeBase64 } from '../text.ts';
import { type BinaryContent, binaryContent } from '../values.ts';

/** XML as the language holds it: a content object. */
export function xmlContent(xml: string): BinaryContent {
  return markedAsXml(encodeBase64(xml));
}

/** Content that says that it is XML, whatever its bytes are. */
export function markedAsXml(base64: string): BinaryContent {
  return binaryContent(base64, 'application/xml;charset=utf-8');
}

/** Whether content says that it is XML. */
export function isXmlContent(content: BinaryContent): boolean {
  return /^\s*(?:application|text)\/(?:[\w.+-]+\+)?xml\s*(?:;|$)/i.test(content['$content-type']);
}
