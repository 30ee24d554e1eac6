import { member, textOf } from '../../domain/json.ts';

/** Reads the first of these paths (`userAccount.userSid`) that has a string, trimmed; empty where none has. */
export type EvidenceText = (...paths: readonly string[]) => string;

/** The texts of an evidence. A list gives those of its items; shared access signatures are cut off everywhere. */
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

/** An address of storage with a signature in its query opens what it points to for anyone who reads it. */
export function withoutSignatures(text: string): string {
  return text.replace(/(\bhttps?:\/\/[^\s"'?]+)\?[^\s"']*\bsig=[^\s"']*/gi, '$1');
}
