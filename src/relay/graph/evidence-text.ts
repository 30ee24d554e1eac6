import { member, textOf } from '../../domain/json.ts';

/** Returns the first of these paths (`userAccount.userSid`) that has a string, trimmed; empty if none has. */
export type EvidenceText = (...paths: readonly string[]) => string;

/** Reads strings of an evidence. A list is joined from its items; shared access signatures are removed everywhere. */
export function evidenceText(evidence: unknown): EvidenceText {
  return (...paths) => paths.map((path) => textAt(evidence, path.split('.'))).find((text) => text !== '') ?? '';
}

function textAt(value: unknown, path: readonly string[]): string {
  if (Array.isArray(value)) {
    const texts = value.map((item) => textAt(item, path)).filter((text) => text !== '');
    return texts.join(', ');
  }
  const [name, ...rest] = path;
  if (name === undefined) return withoutSignatures(textOf(value) ?? '').trim();
  return textAt(member(value, name), rest);
}

/** Removes the signature from a storage address: anyone who reads it could open the file. */
export function withoutSignatures(text: string): string {
  return text.replace(/(\bhttps?:\/\/[^\s"'?]+)\?[^\s"']*\bsig=[^\s"']*/gi, '$1');
}
