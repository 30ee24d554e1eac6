import { isJsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { severities } from '../../domain/severity.ts';
import { incidentStatuses } from '../../domain/status.ts';
import type { Directory, Principal } from '../entra/directory.ts';
import { badRequest } from './arm-error.ts';
import { nobody } from './new-incident.ts';
import type { ClassificationName, Label, Owner, WritableProperties } from './resources.ts';
import { limits } from './store.ts';

/** The reasons that each classification takes. Source: REST reference, Incidents - Create Or Update. */
const reasons: Readonly<Record<ClassificationName, readonly string[]>> = {
  Undetermined: [],
  TruePositive: ['SuspiciousActivity'],
  BenignPositive: ['SuspiciousButExpected'],
  FalsePositive: ['IncorrectAlertLogic', 'InaccurateData'],
};
const classificationNames: readonly ClassificationName[] = [
  'Undetermined',
  'TruePositive',
  'BenignPositive',
  'FalsePositive',
];

/** Reads the `properties` of a PUT. What is left out is gone afterwards: the operation replaces. Throws 400. */
export function readIncidentBody(properties: unknown, directory: Directory): WritableProperties {
  if (!isJsonObject(properties)) throw badRequest("The request body needs 'properties'");
  const status = required(properties, 'status', incidentStatuses);
  const title = textOf(member(properties, 'title'))?.trim();
  if (!title) throw badRequest("Required property 'title' is missing");
  const description = optionalText(properties, 'description');
  if ((description?.length ?? 0) > limits.descriptionCharacters)
    throw badRequest(`Property 'description' exceeds ${limits.descriptionCharacters} characters`);
  return {
    title,
    ...(description !== undefined && { description }),
    severity: required(properties, 'severity', severities),
    status,
    owner: readOwner(member(properties, 'owner'), directory),
    labels: readLabels(member(properties, 'labels')),
    ...(status === 'Closed' && readClosing(properties)),
    ...optionalTexts(properties, ['firstActivityTimeUtc', 'lastActivityTimeUtc']),
  };
}

/** Classification, reason and comment of a closed incident. Throws 400 for a pair that Sentinel does not know. */
export function readClosing(
  properties: unknown,
): Pick<WritableProperties, 'classification' | 'classificationReason' | 'classificationComment'> {
  const classification = required(properties, 'classification', classificationNames);
  const reason = optionalText(properties, 'classificationReason');
  const allowed = reasons[classification];
  if (reason === undefined ? allowed.length > 0 : !allowed.includes(reason))
    throw badRequest(
      `Classification reason '${reason ?? ''}' does not go with classification '${classification}'; allowed: ${allowed.join(', ') || 'none'}`,
    );
  return {
    classification,
    ...(reason !== undefined && { classificationReason: reason }),
    ...optionalTexts(properties, ['classificationComment']),
  };
}

/** An owner is a user or a group of the tenant; every member null or absent means nobody. Throws 400 for a stranger. */
export function readOwner(owner: unknown, directory: Directory): Owner {
  const given = {
    objectId: textOf(member(owner, 'objectId')) || undefined,
    userPrincipalName: textOf(member(owner, 'userPrincipalName')) || undefined,
    email: textOf(member(owner, 'email')) || undefined,
  };
  const [key] = Object.values(given).filter((value) => value !== undefined);
  return key === undefined ? nobody : ownerOf(key, directory, (user) => fits(user, given));
}

function fits(
  { objectId, userPrincipalName, mail }: Principal,
  given: Readonly<Record<'objectId' | 'userPrincipalName' | 'email', string | undefined>>,
): boolean {
  const pairs = [
    [given.objectId, objectId],
    [given.userPrincipalName, userPrincipalName],
    [given.email, mail],
  ] as const;
  return pairs.every(([wanted, has]) => wanted === undefined || wanted.toLowerCase() === has?.toLowerCase());
}

/** The owner whom the managed connector is given: an object id or a user principal name. Throws 400 for anything else. */
export function ownerByKey(key: string, directory: Directory): Owner {
  return ownerOf(
    key,
    directory,
    (user) =>
      fits(user, { objectId: key, userPrincipalName: undefined, email: undefined }) ||
      fits(user, { objectId: undefined, userPrincipalName: key, email: undefined }),
  );
}

function ownerOf(key: string, directory: Directory, accepts: (user: Principal) => boolean): Owner {
  const user = directory.findOwner(key);
  if (!user || !accepts(user)) throw badRequest(`Owner '${key}' is not a user of this tenant`);
  return ownerFrom(user);
}

/** A user or group as the service writes it in an incident. */
export function ownerFrom({ objectId, kind, displayName, mail, userPrincipalName }: Principal): Owner {
  return {
    objectId,
    email: mail ?? null,
    userPrincipalName: userPrincipalName ?? null,
    assignedTo: displayName,
    ownerType: kind === 'Group' ? 'Group' : 'User',
  };
}

function readLabels(labels: unknown): Label[] {
  const names = listOf(labels).map((label) => textOf(member(label, 'labelName'))?.trim() ?? '');
  if (names.includes('')) throw badRequest("A label needs a 'labelName'");
  return [...new Set(names)].map((labelName) => ({ labelName, labelType: 'User' }));
}

function required<T extends string>(properties: unknown, name: string, allowed: readonly T[]): T {
  const text = textOf(member(properties, name));
  if (text === undefined) throw badRequest(`Required property '${name}' is missing`);
  const value = allowed.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (value === undefined) throw badRequest(`'${text}' is not a valid ${name}; allowed: ${allowed.join(', ')}`);
  return value;
}

function optionalText(properties: unknown, name: string): string | undefined {
  return textOf(member(properties, name));
}

function optionalTexts<Name extends string>(properties: unknown, names: readonly Name[]): { [K in Name]?: string } {
  const found: { [K in Name]?: string } = {};
  for (const name of names) {
    const text = optionalText(properties, name);
    if (text) found[name] = text;
  }
  return found;
}
