import { parseDocument } from 'yaml';
import { UserError } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json.ts';
import { isCovered, type SwitchedOff } from './switched-off.ts';

/**
 * Reads `off:` of a settings file: rule ids, or `{rule, files}`.
 * @throws UserError if the file is invalid or names an unknown rule
 */
export function readSwitchedOff(text: string, file: string, known: readonly string[]): SwitchedOff[] {
  const document = parseDocument(text);
  const wrong = (message: string, remedy: string) =>
    new UserError('verify.settings', message, { where: { file }, remedy });
  const [error] = document.errors;
  if (error) throw wrong(error.message.split('\n')[0] ?? 'the file must be YAML', 'Correct the file at this place.');
  const settings: unknown = document.toJS() ?? {};
  const unknown = (value: unknown, allowed: readonly string[]) =>
    isJsonObject(value) ? Object.keys(value).find((key) => !allowed.includes(key)) : undefined;
  const odd = unknown(settings, ['off']);
  if (odd !== undefined) throw wrong(`there is no key "${odd}"`, 'Write off: and below it the ids of rules.');
  const entries = isJsonObject(settings) ? (settings['off'] ?? []) : undefined;
  if (!Array.isArray(entries)) {
    throw wrong('"off" must be a list', 'Write off: and below it the ids of rules, one a line: - playbook.tags');
  }
  return entries.map((entry: unknown) => {
    const slip = unknown(entry, ['rule', 'files']);
    if (slip !== undefined) throw wrong(`there is no key "${slip}" in an entry of "off"`, 'Write rule: … and files: …');
    const rule = isJsonObject(entry) ? entry['rule'] : entry;
    const files = isJsonObject(entry) ? [entry['files'] ?? []].flat() : [];
    if (typeof rule !== 'string' || !files.every((one) => typeof one === 'string')) {
      throw wrong(
        'an entry of "off" must be a rule, or {rule, files}',
        'Write - playbook.tags or - rule: … with files: …',
      );
    }
    if (!known.some((id) => isCovered(id, rule))) {
      throw wrong(`there is no rule "${rule}"`, 'docs/verify.md lists the rules, as does verify --json.');
    }
    const isForAll = !isJsonObject(entry) || entry['files'] === undefined;
    if (files.length === 0 && !isForAll)
      throw wrong(`"files" of "${rule}" names no file`, 'Name files, or leave it out.');
    return isForAll
      ? { rule }
      : { rule, files: files.map((glob) => glob.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')) };
  });
}
