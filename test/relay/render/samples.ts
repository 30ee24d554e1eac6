import type { Alert } from '../../../src/domain/alert.ts';
import type { Entity } from '../../../src/domain/entity.ts';
import type { Incident } from '../../../src/domain/incident.ts';
import type { Severity } from '../../../src/domain/severity.ts';
import type { AlertRows } from '../../../src/relay/kql/alert-rows.ts';

/** One incident as the relay has read it. */
export interface Sample {
  readonly name: string;
  readonly incident: Incident;
  readonly alerts: readonly Alert[];
  readonly entities: readonly Entity[];
  readonly queries: readonly AlertRows[];
}

interface SampleAlert {
  readonly title: string;
  readonly severity?: Severity;
  readonly product?: string;
  readonly description?: string;
  readonly count?: number;
  /** Minutes after 08:30 of the first; the others follow a minute apart. */
  readonly minute?: number;
}

const times = (minute: number) => new Date(Date.UTC(2026, 0, 10, 8, 30 + minute)).toISOString();

function alertsOf({
  title,
  severity,
  product = 'Azure Sentinel',
  description = '',
  count = 1,
  minute = 0,
}: SampleAlert) {
  return Array.from(
    { length: count },
    (_, n): Alert => ({
      id: `${title} ${n}`,
      ...{ title, description, severity, product, tactics: [] },
      startTime: times(minute + n),
      endTime: times(minute + n + 5),
      ruleIds: product === 'Azure Sentinel' ? [`rule of ${title}`] : [],
      additional: {},
    }),
  );
}

export function rowsOf(
  alert: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  more: Partial<AlertRows> = {},
): AlertRows {
  return { alert, columns, rows, truncated: false, moreColumns: 0, ...more };
}

export function sample(
  name: string,
  about: {
    readonly title: string;
    readonly severity: Severity;
    readonly description?: string;
    readonly tactics?: readonly string[];
    readonly tags?: readonly string[];
    readonly alerts: readonly SampleAlert[];
    readonly entities?: Readonly<Record<string, readonly string[]>>;
    readonly queries?: readonly AlertRows[];
  },
): Sample {
  const alerts = about.alerts.flatMap((alert) => alertsOf({ severity: about.severity, ...alert }));
  const entities = Object.entries(about.entities ?? {}).flatMap(([kind, names]) =>
    names.map((entity): Entity => ({ aliases: [], kind, name: entity })),
  );
  const incident: Incident = {
    armId: '/subscriptions/s/incidents/i',
    id: '73e01a99-5cd7-4139-a149-9f2736ff2ab5',
    etag: undefined,
    number: '4711',
    title: about.title,
    description: about.description ?? '',
    severity: about.severity,
    status: 'New',
    owner: undefined,
    tags: about.tags ?? [],
    tactics: about.tactics ?? [],
    techniques: [],
    products: [...new Set(alerts.map(({ product }) => product))],
    ruleIds: [],
    alertCount: alerts.length,
    commentCount: 0,
    url: 'https://portal.azure.com/#asset/Incident/4711',
    defenderUrl: '',
    provider: 'Azure Sentinel',
    providerId: '4711',
    createdTime: times(10),
    lastModifiedTime: times(10),
    alerts,
    entities,
  };
  return { name, incident, alerts, entities, queries: about.queries ?? [] };
}

const repeat = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

/** Ten incidents as a SOC meets them. */
export const samples: readonly Sample[] = [
  sample('one-query-fifteen-times', {
    title: 'Sign-ins from unfamiliar locations',
    severity: 'High',
    description: 'A user signed in from a country where nobody of the company was seen in the last 14 days.',
    tactics: ['InitialAccess'],
    alerts: [
      { title: 'Unfamiliar location', count: 15 },
      { title: 'Suspicious process', severity: 'Low', product: 'MDATP', count: 5, minute: 3 },
    ],
    entities: {
      Account: ['j.mueller@contoso.com', 'm.lopez@contoso.com', 's.obrien@contoso.com'],
      Host: repeat(30, (n) => `SRV-APP${String(n + 1).padStart(2, '0')}`),
      Ip: ['192.0.2.17', '192.0.2.21'],
    },
    queries: repeat(15, () =>
      rowsOf(
        'Unfamiliar location',
        ['UserPrincipalName', 'IPAddress', 'TimeGenerated', 'AppDisplayName', 'Country'],
        repeat(10, (n) => [
          ['j.mueller@contoso.com', 'm.lopez@contoso.com', 's.obrien@contoso.com'][n % 3] ?? '',
          n % 2 === 0 ? '192.0.2.17' : '192.0.2.21',
          `2026-01-10 08:3${n}:12`,
          n % 3 === 0 ? 'Exchange Online' : 'OfficeHome',
          'MD',
        ]),
        { truncated: true },
      ),
    ),
  }),
  sample('ransomware', {
    title: 'Ransomware activity on multiple devices',
    severity: 'High',
    description: 'Files are being encrypted, shadow copies were deleted, and backup services were stopped.',
    tactics: ['Impact', 'DefenseEvasion'],
    alerts: [
      { title: 'Ransomware behavior detected in the file system', product: 'MDATP', count: 6 },
      { title: 'Shadow copies deleted', product: 'MDATP', count: 6, minute: 2 },
      { title: 'Backup service stopped', severity: 'Medium', count: 3, minute: 4 },
      { title: 'Sign-in with explicit credentials', severity: 'Low', count: 2 },
    ],
    entities: {
      Host: ['FIN-LAPTOP-07', 'FIN-LAPTOP-09', 'FILE-SRV-02', 'HR-DESKTOP-11', 'HR-DESKTOP-12', 'WEB-02'],
      Account: ['CONTOSO\\svc-backup', 'CONTOSO\\t.tanaka'],
      Process: ['vssadmin.exe delete shadows /all /quiet', 'lockit.exe'],
      FileHash: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08(SHA256)'],
    },
  }),
  sample('brute-force', {
    title: 'Brute force attack against a privileged account',
    severity: 'Medium',
    tactics: ['CredentialAccess'],
    alerts: [{ title: 'Brute force attack against a privileged account' }],
    entities: { Account: ['admin@contoso.com'], Ip: ['203.0.113.77'] },
    queries: [
      rowsOf(
        'Brute force attack against a privileged account',
        ['UserPrincipalName', 'IPAddress', 'FailureCount', 'SuccessCount', 'StartTime', 'EndTime'],
        [['admin@contoso.com', '203.0.113.77', '412', '1', '2026-01-10 07:58:02', '2026-01-10 08:29:40']],
      ),
    ],
  }),
  sample('phishing', {
    title: 'Phishing mail delivered and clicked',
    severity: 'Medium',
    description: 'Users clicked a link in a mail that was found to be phishing after delivery.',
    tactics: ['InitialAccess'],
    alerts: [
      { title: 'A potentially malicious URL click was detected', product: 'OATP', count: 4 },
      { title: 'Email messages removed after delivery', product: 'OATP', severity: 'Informational', minute: 9 },
    ],
    entities: {
      Account: repeat(12, (n) => `user${n + 1}@contoso.com`),
      Mailbox: ['invoices@contoso.com'],
      Url: ['https://login-contoso.example/secure/?id=8821&return=https%3A%2F%2Fportal.contoso.example%2Finvoices'],
      MailMessage: ['Invoice 2026-0118 overdue'],
      Ip: ['198.51.100.4'],
    },
  }),
  sample('privileged-role', {
    title: 'Role Global Administrator assigned outside PIM',
    severity: 'High',
    description: 'A permanent assignment of a privileged role was made without Privileged Identity Management.',
    tactics: ['Persistence', 'PrivilegeEscalation'],
    alerts: [{ title: 'Privileged role assigned outside PIM' }],
    entities: { Account: ['t.tanaka@contoso.com', 'new.guest@partner.example'] },
    queries: [
      rowsOf(
        'Privileged role assigned outside PIM',
        [
          'InitiatingUserPrincipalName',
          'TargetUserPrincipalName',
          'RoleName',
          'OperationName',
          'TimeGenerated',
          'InitiatedFromIp',
        ],
        [
          [
            't.tanaka@contoso.com',
            'new.guest@partner.example',
            'Global Administrator',
            'Add member to role',
            '2026-01-10 08:31:02',
            '192.0.2.88',
          ],
        ],
      ),
    ],
  }),
  sample('exfiltration', {
    title: 'Mass download by a departing employee',
    severity: 'Medium',
    tactics: ['Exfiltration'],
    alerts: [
      { title: 'Mass download', product: 'MCAS' },
      { title: 'Unusual volume of external file sharing', product: 'MCAS', severity: 'Low', minute: 12 },
    ],
    entities: {
      Account: ['a.keller@contoso.com'],
      CloudApplication: ['Microsoft SharePoint Online'],
      Ip: ['203.0.113.5'],
    },
    queries: [
      rowsOf(
        'Files downloaded',
        ['UserId', 'SourceFileName', 'Site_Url', 'FileCount'],
        repeat(24, (n) => [
          'a.keller@contoso.com',
          `Customers-${2002 + n}.xlsx`,
          'https://contoso.example/sites/sales',
          String(900 - n),
        ]),
        { truncated: true, moreColumns: 3 },
      ),
    ],
  }),
  sample('dns-tunnel', {
    title: 'DNS queries to a known command and control domain',
    severity: 'High',
    description: 'Hosts asked for a domain of the threat intelligence feed.',
    tactics: ['CommandAndControl'],
    alerts: [{ title: 'TI map domain entity to DNS events', count: 8 }],
    entities: { DnsResolution: ['c2.badactor.example'], Host: ['HR-DESKTOP-11', 'HR-DESKTOP-12'] },
    queries: repeat(8, (n) =>
      rowsOf(
        'TI map domain entity to DNS events',
        ['Computer', 'ClientIP', 'Name', 'QueryCount'],
        [
          ['HR-DESKTOP-11', '10.1.4.11', 'c2.badactor.example', '180'],
          ...(n < 3 ? [['HR-DESKTOP-12', '10.1.4.12', 'c2.badactor.example', '6']] : []),
        ],
      ),
    ),
  }),
  sample('storage-public', {
    title: 'Storage account opened to the internet',
    severity: 'Low',
    description: 'Public access to blobs was enabled on a storage account that holds backups.',
    tactics: ['InitialAccess'],
    tags: ['Cloud team'],
    alerts: [{ title: 'Storage account with public access', product: 'Azure Security Center' }],
    entities: {
      AzureResource: ['Microsoft.Storage/storageAccounts/contosobackups'],
      Account: ['deploy-pipeline@contoso.com'],
      Ip: ['20.50.1.9'],
    },
  }),
  sample('one-rule-many-titles', {
    title: 'Malware found on several devices',
    severity: 'Informational',
    alerts: repeat(9, (n) => ({
      title: `Malware Wacatac.${'ABCDEFGHI'[n]}!ml was prevented`,
      product: 'MDATP',
      minute: n,
    })),
    entities: {
      Host: repeat(9, (n) => `KIOSK-${n + 1}`),
      Malware: repeat(9, (n) => `Trojan:Win32/Wacatac.${'ABCDEFGHI'[n]}!ml`),
    },
  }),
  sample('unicode', {
    title: 'تسجيل دخول غير معتاد – グループ変更',
    severity: 'Medium',
    description: 'Ein Gruppenmitglied wurde geändert; die Änderung kam von einem unbekannten Gerät. 变更来自未知设备。',
    alerts: [{ title: 'グループのメンバーが変更されました', count: 2 }],
    entities: { Account: ['عمر.حداد@contoso.com', '田中 葵', "s.o'brien@contoso.com"], Host: ['hr-desktop-ü1'] },
    queries: [
      rowsOf(
        'グループのメンバーが変更されました',
        ['Actor', 'Computer', 'GroupName', 'Change'],
        [
          ['عمر.حداد@contoso.com', 'hr-desktop-ü1', 'ドメイン管理者', 'added 田中 葵'],
          ["s.o'brien@contoso.com", 'hr-desktop-ü1', 'ドメイン管理者', 'removed عمر.حداد'],
        ],
      ),
    ],
  }),
];
