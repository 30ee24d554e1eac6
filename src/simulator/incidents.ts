import type { Severity } from '../domain/severity.ts';
import type { Tactic } from '../domain/tactics.ts';
import { makeProductAlert, makeScheduledAlert } from './alerts.ts';
import { type EntityKind, entityKinds, entityRecipes, type Maker } from './entities.ts';
import type { Random } from './ids.ts';
import type { Answer, Table } from './logs/answers.ts';
import type { NewIncident } from './sentinel/new-incident.ts';
import type { AlertResource } from './sentinel/resources.ts';
import type { World } from './world.ts';

/** A kind of attack: what a rule finds, and what the incident then looks like. */
interface Plot {
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly tactics: readonly Tactic[];
  readonly techniques: readonly string[];
  /** Undefined: the alert comes from `product` and has no query. */
  readonly query?: string;
  readonly product?: string;
  readonly table?: Table;
  readonly kinds: readonly EntityKind[];
}

const plots: readonly Plot[] = [
  {
    title: 'Sign-in from unfamiliar location',
    description: 'A user signed in from a country never seen for this account.',
    severity: 'High',
    tactics: ['InitialAccess'],
    techniques: ['T1078'],
    query:
      'SigninLogs\n| where ResultType == 0 and Location !in ("DE","ES")\n| project TimeGenerated, UserPrincipalName, IPAddress, Location',
    table: {
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'UserPrincipalName', type: 'string' },
        { name: 'IPAddress', type: 'string' },
        { name: 'Location', type: 'string' },
      ],
      rows: [
        ['2026-01-10T08:31:02.1872065Z', 'j.müller@contoso.com', '203.0.113.38', 'KP'],
        ['2026-01-10T08:32:11.0000000Z', 'j.müller@contoso.com', '203.0.113.39', 'KP'],
        ['2026-01-10T08:34:45.5000000Z', '田中@contoso.com', '2001:db8::1', null],
      ],
    },
    kinds: ['Account', 'Ip', 'Ip', 'CloudApplication'],
  },
  {
    title: 'Ransomware behaviour: mass file rename 🚨',
    description: 'More than 500 files got a new extension within one minute.\r\nFirst seen on a finance laptop.',
    severity: 'High',
    tactics: ['Impact', 'Execution'],
    techniques: ['T1486'],
    product: 'MDATP',
    kinds: ['Host', 'Account', 'File', 'FileHash', 'Process'],
  },
  {
    title: 'Überwachung: "Neuer Administrator" <privilegiert>',
    description: 'Ein Konto wurde der Gruppe Domain Admins hinzugefügt.',
    severity: 'Medium',
    tactics: ['Persistence', 'PrivilegeEscalation'],
    techniques: ['T1098'],
    query: 'SecurityEvent\n| where EventID == 4728\n| summarize Count = count() by TargetUserName, Computer',
    table: {
      columns: [
        { name: 'TargetUserName', type: 'string' },
        { name: 'Computer', type: 'string' },
        { name: 'Count', type: 'long' },
      ],
      rows: [['svc-backup', 'SRV-DC01', 1]],
    },
    kinds: ['Account', 'Host', 'SecurityGroup'],
  },
  {
    title: 'تسجيل دخول مشبوه من موقع غير مألوف',
    description: 'محاولات متكررة من عنوان واحد',
    severity: 'Low',
    tactics: ['CredentialAccess'],
    techniques: ['T1110'],
    product: 'Azure Active Directory Identity Protection',
    kinds: ['Account', 'Ip'],
  },
  {
    title: 'DNS tunnelling to a young domain',
    description: '',
    severity: 'Informational',
    tactics: ['CommandAndControl', 'Exfiltration'],
    techniques: ['T1071', 'T1048'],
    query: 'DnsEvents\n| where Name endswith ".example"\n| take 100',
    table: {
      columns: [{ name: 'Name', type: 'string' }],
      rows: Array.from({ length: 40 }, (_, n) => [`x${n}.evil.example`]),
    },
    kinds: ['DnsResolution', 'Host', 'Ip', 'Url'],
  },
  {
    title: 'Key Vault: access by unknown application',
    description: 'An application read 12 secrets for the first time.',
    severity: 'Medium',
    tactics: ['CredentialAccess', 'Collection'],
    techniques: ['T1555'],
    product: 'Azure Security Center',
    kinds: ['AzureResource', 'Account', 'Mailbox', 'MailMessage', 'Malware', 'RegistryKey'],
  },
];

export interface Generated {
  readonly incident: NewIncident;
  /** What the logs answer to the queries of its alerts. */
  readonly answers: readonly Answer[];
}

/** The maker of a world: ids and time are the world's. */
export function makerOf({ sentinel, ids, clock }: Pick<World, 'sentinel' | 'ids' | 'clock'>): Maker {
  return { store: sentinel.store, ids, now: () => clock.now() };
}

/** Titles of the kinds of attack that `generateIncident` knows, in the order of their index. */
export const plotTitles: readonly string[] = plots.map(({ title }) => title);

/** A random incident as a workspace sees it: one to six alerts of one plot, tags, sometimes another status. `plotIndex` chooses the kind of attack. */
export function generateIncident(maker: Maker, random: Random, plotIndex?: number): Generated {
  const plot = (plotIndex === undefined ? undefined : plots[plotIndex]) ?? random.pick(plots);
  const alerts = Array.from({ length: random.between(1, 6) }, (_, index) => plotAlert(maker, plot, index));
  const tags = random.some(['vip', 'SIGNL4', 'pilot', 'Süd', "O'Brien"], random.between(0, 2));
  const extra = random.some(entityKinds, random.between(0, 3));
  const incident: NewIncident = {
    title: random.chance(0.3) ? `${plot.title} on ${random.between(2, 40)} hosts` : plot.title,
    ...(plot.description && { description: plot.description }),
    severity: random.chance(0.8) ? plot.severity : random.pick(['High', 'Medium', 'Low', 'Informational']),
    status: random.pick(['New', 'New', 'New', 'Active', 'Closed']),
    labels: tags,
    techniques: plot.techniques,
    alerts,
    entities: [...plot.kinds, ...extra].map((kind) => entityRecipes[kind](maker, random)),
    ...(random.chance(0.2) && { provider: 'Microsoft XDR' as const }),
  };
  const { query, table } = plot;
  return { incident, answers: query && table ? [{ when: query, table }] : [] };
}

function plotAlert(maker: Maker, plot: Plot, index: number): AlertResource {
  const { title, severity, tactics, query, product = 'Azure Sentinel' } = plot;
  const common = { title: index === 0 ? title : `${title} (${index + 1})`, severity, tactics, minutesAgo: 5 + index };
  const described = plot.description ? { ...common, description: plot.description } : common;
  if (query === undefined) return makeProductAlert(maker, { ...described, product });
  const isPerEvent = index % 3 === 2;
  return makeScheduledAlert(maker, {
    ...described,
    query,
    ruleName: title,
    ...(isPerEvent && {
      grouping: 'AlertPerEvent' as const,
      event: { TimeGenerated: '2026-01-10T08:31:02Z', Note: `${title} 日本語` },
    }),
  });
}
