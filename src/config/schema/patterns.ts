import type { SchemaNode } from './node.ts';

/** One entry of a list or map: any text but an empty one. */
export const word: SchemaNode = { type: 'string', maxLength: 500, pattern: '\\S', patternErrorMessage: 'is empty' };
export const template: SchemaNode = { type: 'string', maxLength: 10_000 };

export const GUID_PATTERN = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
export const guidRule = { pattern: GUID_PATTERN, patternErrorMessage: 'is not a GUID' };
/** A GUID, or nothing. */
export const guidOrEmpty = { pattern: `^$|${GUID_PATTERN}`, patternErrorMessage: 'is not a GUID' };
export const GROUP_PATTERN = '^[\\p{L}\\p{N}_.()-]{0,89}[\\p{L}\\p{N}_()-]$';
const noGroup = 'is no name of a resource group (1 to 90 letters, digits, ".", "_", "-", "(", ")"; no "." at the end)';
export const groupRule = { pattern: GROUP_PATTERN, patternErrorMessage: noGroup };
export const groupOrEmpty = { pattern: `^$|${GROUP_PATTERN}`, patternErrorMessage: noGroup };
export const guid: SchemaNode = { type: 'string', examples: ['a1d7ba82-a14c-4245-a781-81481901f558'], ...guidRule };

export const MAIL_PATTERN = '^[^@\\s]+@[^@\\s]+$';
export const mail: SchemaNode = {
  type: 'string',
  examples: ['m.lopez@contoso.com'],
  pattern: MAIL_PATTERN,
  patternErrorMessage: 'is not a mail address',
};
