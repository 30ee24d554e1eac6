import type { SchemaNode } from './node.ts';

/** An entry of a list or map: any non-empty string. */
export const word: SchemaNode = { type: 'string', maxLength: 500, pattern: '\\S', patternErrorMessage: 'is empty' };
/** The same, with a letter or digit that can be compared. */
export const entityName: SchemaNode = {
  type: 'string',
  maxLength: 500,
  pattern: '[\\p{L}\\p{N}]',
  patternErrorMessage: 'must have a letter or a digit',
};
export const template: SchemaNode = { type: 'string', maxLength: 10_000 };

export const GUID_PATTERN = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
export const guidRule = { pattern: GUID_PATTERN, patternErrorMessage: 'is not a GUID' };
/** A GUID, or nothing. */
export const guidOrEmpty = { pattern: `^$|${GUID_PATTERN}`, patternErrorMessage: 'is not a GUID' };
export const GROUP_PATTERN = '^[\\p{L}\\p{N}_.()-]{0,89}[\\p{L}\\p{N}_()-]$';
const noGroup =
  'is not a name of a resource group (1 to 90 letters, digits, ".", "_", "-", "(", ")"; no "." at the end)';
export const groupRule = { pattern: GROUP_PATTERN, patternErrorMessage: noGroup };
export const groupOrEmpty = { pattern: `^$|${GROUP_PATTERN}`, patternErrorMessage: noGroup };
const GUID_PART = GUID_PATTERN.slice(1, -1);
/** ARM id of a logic app (Consumption); nothing in it needs an escape in an address or a query. */
export const workflowIdRule = {
  pattern: `^/[sS]ubscriptions/${GUID_PART}/[rR]esource[gG]roups/${GROUP_PATTERN.slice(1, -1)}/[pP]roviders/[mM]icrosoft\\.[lL]ogic/[wW]orkflows/[\\w.()-]{1,80}$`,
  patternErrorMessage:
    'must be the ARM id of a logic app (Consumption), as the portal shows it under JSON View, "Resource ID"',
};
export const guid: SchemaNode = { type: 'string', examples: ['a1d7ba82-a14c-4245-a781-81481901f558'], ...guidRule };

export const MAIL_PATTERN = '^[^@\\s]+@[^@\\s]+$';
export const mail: SchemaNode = {
  type: 'string',
  examples: ['m.lopez@contoso.com'],
  pattern: MAIL_PATTERN,
  patternErrorMessage: 'is not a mail address',
};
