import { isJsonObject, listOf, member, memberAt, textOf } from '../domain/json.ts';

/*
 * Finds the cause of an error of Azure Resource Manager. Wrappers (DeploymentFailed, InvalidTemplateDeployment) are not helpful;
 * the reasons are in `details`, several levels deep, and sometimes in JSON inside a message. Source: "Troubleshoot common Azure
 * deployment errors".
 */

export interface ArmReason {
  readonly code: string;
  readonly message: string;
  /** The resource as Azure names it; empty if not given. */
  readonly target: string;
  /** Display names of the policies that refuse. */
  readonly policies: readonly string[];
}

/** The innermost reasons of an error, without duplicates. */
export function reasonsOf(error: unknown): readonly ArmReason[] {
  const found = innermost(error, '');
  return found.filter(
    (reason, index) =>
      found.findIndex((other) => other.code === reason.code && other.message === reason.message) === index,
  );
}

/** The reasons in the response to one of our clients or Microsoft's; empty if it has none. */
export function refusalReasons(error: unknown): readonly ArmReason[] {
  const body = parsed(textOf(memberAt(error, 'response', 'bodyAsText')) ?? '');
  const inner = member(body, 'error');
  return isJsonObject(inner) ? reasonsOf(inner) : [];
}

function innermost(error: unknown, outerTarget: string): readonly ArmReason[] {
  const target = textOf(member(error, 'target')) ?? outerTarget;
  const details = listOf(member(error, 'details')).filter(isJsonObject);
  if (details.length > 0) return details.flatMap((each) => innermost(each, target));
  const message = textOf(member(error, 'message')) ?? '';
  const nested = parsed(message);
  if (isJsonObject(nested)) return innermost(member(nested, 'error') ?? nested, target);
  const policies = listOf(member(error, 'additionalInfo')).flatMap(
    (each) => textOf(memberAt(each, 'info', 'policyAssignmentDisplayName')) ?? [],
  );
  return [{ code: textOf(member(error, 'code')) ?? '', message, target, policies }];
}

function parsed(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** `Code: message (target; policy "name")` */
export function reasonText({ code, message, target, policies }: ArmReason): string {
  const isNamed = target === '' || message.includes(target) || target.startsWith('/subscriptions/');
  const notes = [...(isNamed ? [] : [target]), ...policies.map((policy) => `policy "${policy}"`)];
  const text = [code, message.replaceAll(/\s*\r?\n\s*/g, ' ').trim()].filter(Boolean).join(': ');
  return notes.length > 0 ? `${text} (${notes.join('; ')})` : text;
}

/** What to do about reasons; undefined where none of them is known. */
export function remedyOf(reasons: readonly ArmReason[]): string | undefined {
  const known = reasons.flatMap((reason) => {
    const remedy = remedies[reason.code.toLowerCase()];
    return remedy === undefined ? [] : [typeof remedy === 'string' ? remedy : remedy(reason)];
  });
  return known.length > 0 ? [...new Set(known)].join(' ') : undefined;
}

const REGISTER =
  'Register the resource provider that is named: az provider register --namespace <name> --wait. It takes a right on the subscription, and some minutes.';
const OTHER_REGION = 'Choose another region or size, or ask for more quota: Azure portal, Quotas.';
const IN_USE =
  'The name is taken in all of Azure, or by something deleted that is kept for a while. Choose another name, or recover what was deleted.';
const LATER = 'Wait a minute and run the command again.';

type Remedy = string | ((reason: ArmReason) => string);

/** By code, in lower case. */
const remedies: Readonly<Record<string, Remedy>> = {
  invalidtemplate:
    'The template or a workflow in it is wrong where Azure says. If you did not change it, report it; patches/ holds what "pull" added.',
  invalidrequestcontent: 'Azure cannot read a value that was sent. Look at what it names in signl4.yaml.',
  requestdisallowedbypolicy:
    'A policy of your organization forbids this. Add what it asks for (often a tag or another region), or ask the owner of the policy for an exemption.',
  scopelocked:
    'A lock forbids changes. See it: az lock list --resource-group <group>. Its owner can remove it for the time of the deployment.',
  authorizationfailed: rightsFor,
  linkedauthorizationfailed:
    'You may change the resource, but not use the one that it is linked with. Ask for a role on the scope that is named there.',
  invalidauthenticationtokentenant: 'You are signed in to another tenant: az login --tenant <tenantId of signl4.yaml>.',
  subscriptionnotfound:
    'Check subscriptionId in signl4.yaml, and that your account sees it: az account list. Another cloud? Use --cloud.',
  resourcegroupnotfound: 'Check the name of the resource group, or have it made: --location <region>.',
  resourcegroupbeingdeleted:
    'The resource group is being deleted. Wait until it is gone, then deploy with --location <region>.',
  missingsubscriptionregistration: REGISTER,
  missingregistrationforlocation: REGISTER,
  noregisteredproviderfound: `${REGISTER} The region may also lack the service.`,
  deploymentactive:
    'A deployment of this name is still under way. Wait for its end, or cancel it: Azure portal, resource group, Deployments.',
  deploymentquotaexceeded:
    'The resource group keeps 800 deployments and cannot clean up. Delete old ones: Azure portal, resource group, Deployments; a lock may be in the way.',
  roleassignmentexists:
    'The role is assigned already, under another name. Nothing is missing: deploy again, which takes it as it is, or delete that assignment first.',
  roleassignmentupdatenotpermitted:
    'An assignment of this name belongs to an identity that was deleted. Delete it: az role assignment delete --ids <id>, then deploy again.',
  principalnotfound: 'Entra does not know the identity everywhere yet. Wait some minutes and run the command again.',
  roledefinitionwithsamenameexists:
    'A custom role of this name is there in the tenant already; names of roles are unique. Add this scope to its assignable scopes, or choose another name.',
  roledefinitionhasassignments:
    'The role is still assigned. Remove the assignments first: az role assignment list --all --role <role>.',
  roleassignmentlimitexceeded:
    'The subscription holds as many role assignments as it may. Remove some that nobody needs.',
  skunotavailable: OTHER_REGION,
  regiondoesnotallowprovisioning: OTHER_REGION,
  subscriptionisoverquotaforsku: OTHER_REGION,
  resourcequotaexceeded: OTHER_REGION,
  quotaexceeded: OTHER_REGION,
  keyvaultparameterreferencenotfound:
    'The key vault of the relay is gone. Run "signl4-sentinel deploy" for all of it: it brings the vault back.',
  keyvaultparameterreferencesecretretrievefailed:
    'Azure does not read the secret from the key vault of the relay. Run "signl4-sentinel deploy" for all of it, or set the secret in the environment (RELAY_KEY). It takes the action Microsoft.KeyVault/vaults/deploy/action, which Contributor and Owner have.',
  softdeletedvaultdoesnotexist: 'There is no deleted key vault of this name to recover. Deploy without RecoverVault.',
  storageaccountalreadytaken: IN_USE,
  vaultalreadyexists: IN_USE,
  conflicterror: IN_USE,
  nameunavailable: IN_USE,
  conflict: ({ message }) => (/already exists/i.test(message) ? IN_USE : LATER),
  anotheroperationinprogress: LATER,
  internalservererror: LATER,
  toomanyrequests: LATER,
  invalidtagvaluelength: 'A tag has more than 256 characters. Shorten it.',
  apinotfound:
    'The SIGNL4 connector is not in this resource group. Run "signl4-sentinel deploy", which brings it along.',
  resourcenotfound:
    'Something that is referred to is not there (any more). Run "signl4-sentinel deploy" for all of it.',
};

/** The least role for the action in the message. Roles may be assigned with conditions. */
function rightsFor({ message }: ArmReason): string {
  if (/ABAC condition/i.test(message))
    return 'Your right to assign roles has a condition that does not allow this role. Ask the person who set it, or an Owner.';
  const action = /perform action '([^']+)'/i.exec(message)?.[1]?.toLowerCase() ?? '';
  const role =
    smallestRoles.find(([pattern]) => pattern.test(action))?.[1] ??
    'Contributor (for roles: User Access Administrator)';
  return `Ask for the role ${role} on that scope, or let somebody run this who has it. After a fresh grant sign in again: az login.`;
}

const smallestRoles: readonly (readonly [action: RegExp, role: string])[] = [
  [/authorization\/roledefinitions\/(write|delete)/, 'User Access Administrator or Owner'],
  [
    /authorization\/roleassignments\/(write|delete)/,
    'User Access Administrator, Role Based Access Control Administrator or Owner',
  ],
  [/\/register\/action/, 'Contributor on the subscription'],
  [/securityinsights\/.*(write|delete)/, 'Microsoft Sentinel Contributor'],
  [/securityinsights\//, 'Microsoft Sentinel Reader'],
  [/listcallbackurl/, 'Logic App Contributor'],
  [/\/read$/, 'Reader'],
  [/microsoft\.logic\//, 'Logic App Contributor'],
];
