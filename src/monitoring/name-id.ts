import { uuid5 } from '../domain/uuid.ts';

/** Namespace of the ids of this room: of the workbook's parts and of the rules. Never changes. */
const NAMESPACE = '6c1f7f0a-5b0d-4a0e-9a57-3f6f2f0c8a51';

/** The id of a part of the workbook, or of a rule, by its name. */
export function nameId(name: string): string {
  return uuid5(name, NAMESPACE);
}
