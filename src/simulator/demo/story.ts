import type { Severity } from '../../domain/severity.ts';
import { makerOf } from '../incidents.ts';
import type { Answer, Table } from '../logs/answers.ts';
import { alertsOf, entitiesOf } from '../scenario/story-world.ts';
import type { NewIncident } from '../sentinel/new-incident.ts';
import { wireTime } from '../sentinel/store.ts';
import type { World } from '../world.ts';

/** An incident of the night that the page tells. */
interface StoryIncident {
  readonly title: string;
  readonly severity: Severity;
  /** What the page says of it before it happens. */
  readonly summary: string;
  /** What to do with it, so that each incident shows another way back. */
  readonly advice: string;
  readonly description: string;
  readonly tactics: NonNullable<NewIncident['tactics']>;
  readonly alerts: readonly { readonly title: string; readonly minutesAgo: number }[];
  readonly entities: Readonly<Record<string, readonly string[]>>;
  /** Undefined: the alerts are of an analytics rule, with its query. */
  readonly product?: string;
  readonly search?: {
    readonly query: string;
    readonly columns: Table['columns'];
    /** Rows with the minutes before now in place of the time. */
    readonly rows: readonly (readonly [minutesAgo: number, ...unknown[]])[];
  };
}

const text = (name: string) => ({ name, type: 'string' as const });
const TIME = { name: 'TimeGenerated', type: 'datetime' as const };
const MINUTE = 60_000;

/** The night, in order. */
export const story: readonly StoryIncident[] = [
  {
    title: 'Sign-in accepted after repeated MFA denials',
    severity: 'High',
    summary: 'Somebody has the password of a treasury account and kept sending prompts until one was approved.',
    advice: 'Acknowledge it on the phone, then type “#tp password reset” as the note and close it.',
    description:
      'daniel.reed@contoso.com denied 11 MFA prompts within six minutes and approved the twelfth. The network was never seen for this account.',
    tactics: ['InitialAccess', 'CredentialAccess'],
    alerts: [{ title: 'Sign-in accepted after repeated MFA denials', minutesAgo: 6 }],
    entities: { Account: ['daniel.reed@contoso.com'], Ip: ['203.0.113.77'], CloudApplication: ['Office 365'] },
    search: {
      query:
        'SigninLogs\n| where ResultType in (0, 500121)\n| summarize Denied = countif(ResultType == 500121), arg_max(TimeGenerated, *) by UserPrincipalName, IPAddress\n| where Denied > 10 and ResultType == 0\n| project TimeGenerated, UserPrincipalName, IPAddress, Location, Denied',
      columns: [TIME, text('UserPrincipalName'), text('IPAddress'), text('Location'), { name: 'Denied', type: 'long' }],
      rows: [[7, 'daniel.reed@contoso.com', '203.0.113.77', 'Bucharest, RO', 11]],
    },
  },
  {
    title: 'Ransomware activity on FIN-LAPTOP-07',
    severity: 'High',
    summary: 'Microsoft Defender sees files being encrypted on a laptop in the finance department.',
    advice:
      'Type “#run isolate” as the note and acknowledge: a playbook isolates the laptop and the phone hears how it ended.',
    description:
      'More than 600 files in the folders of emma.clarke@contoso.com got the extension .lockd within two minutes. Shadow copies were deleted just before.',
    tactics: ['Execution', 'Impact'],
    alerts: [
      { title: 'Shadow copies deleted', minutesAgo: 5 },
      { title: 'Mass renaming of files', minutesAgo: 3 },
    ],
    entities: {
      Host: ['FIN-LAPTOP-07'],
      Account: ['emma.clarke@contoso.com'],
      Process: ['vssadmin.exe delete shadows /all /quiet'],
      File: ['remit_0109.pdf.exe'],
    },
    product: 'MDATP',
  },
  {
    title: 'Global Administrator assigned outside of PIM',
    severity: 'Medium',
    summary: 'A permanent admin role was given at night, past the approval that it should take.',
    advice:
      'Let it time out twice to see what happens when nobody answers. Then close it in Sentinel: the phone goes quiet.',
    description:
      'alex.novak@contoso.com made tom.becker@contoso.com a permanent Global Administrator. No request in Privileged Identity Management belongs to it.',
    tactics: ['Persistence', 'PrivilegeEscalation'],
    alerts: [{ title: 'Global Administrator assigned outside of PIM', minutesAgo: 9 }],
    entities: { Account: ['alex.novak@contoso.com', 'tom.becker@contoso.com'], Ip: ['198.51.100.24'] },
    search: {
      query:
        'AuditLogs\n| where OperationName == "Add member to role" and Result == "success"\n| where tostring(TargetResources) has "Global Administrator"\n| project TimeGenerated, Actor, Target, Role, IPAddress',
      columns: [TIME, text('Actor'), text('Target'), text('Role'), text('IPAddress')],
      rows: [[10, 'alex.novak@contoso.com', 'tom.becker@contoso.com', 'Global Administrator', '198.51.100.24']],
    },
  },
];

/** The incident as Sentinel has it when it happens now, and what the logs answer to its query. */
export function storyIncident(
  world: World,
  { title, severity, description, tactics, alerts, entities, product, search }: StoryIncident,
): { readonly incident: NewIncident; readonly answers: readonly Answer[] } {
  const maker = makerOf(world);
  const now = world.clock.now();
  const made = alerts.map((alert) => ({
    ...alert,
    description,
    tactics,
    ...(search ? { query: search.query } : { product: product ?? 'Azure Sentinel' }),
  }));
  const rows = search?.rows.map(([minutesAgo, ...rest]) => [wireTime(now - minutesAgo * MINUTE), ...rest]);
  return {
    incident: {
      ...{ title, severity, description, tactics },
      alerts: alertsOf(maker, made, { title, severity }),
      entities: entitiesOf(maker, entities),
    },
    answers: search && rows ? [{ when: search.query, table: { columns: search.columns, rows } }] : [],
  };
}
