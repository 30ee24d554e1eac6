import type { Ids, Random } from './ids.ts';
import type { EntityResource } from './sentinel/resources.ts';
import type { SentinelStore } from './sentinel/store.ts';

/** Where generated resources belong and where their ids come from. */
export interface Maker {
  readonly store: SentinelStore;
  readonly ids: Ids;
  /** Milliseconds since 1970. */
  now(): number;
}

/** An entity resource with the given properties; `friendlyName` is what the portal shows. */
export function makeEntity(
  { store, ids }: Maker,
  kind: string,
  friendlyName: string,
  properties: Readonly<Record<string, unknown>> = {},
): EntityResource {
  const name = ids.guid('entity');
  return {
    id: store.armId('Entities', name),
    name,
    type: 'Microsoft.SecurityInsights/Entities',
    kind,
    properties: { friendlyName, ...properties },
  };
}

const people = [
  ['j.müller', 'Jörg Müller'],
  ['m.lopez', 'María López'],
  ['عمر.حداد', 'عمر حداد'],
  ['tanaka.aoi', '田中 葵'],
  ["s.o'brien", "Sinéad O'Brien"],
  ['svc-backup', 'Backup Service'],
] as const;
const machines = ['SRV-DC01', 'FIN-LAPTOP-07', 'WEB-02', 'hr-desktop-ü1', 'SQL-PROD-3'] as const;
const sites = [
  'https://login-microsoft.example/?id=ß&x=1',
  'http://пример.example/загрузка',
  'https://files.example/a%20b.exe',
] as const;

type EntityRecipe = (maker: Maker, random: Random) => EntityResource;

/** One recipe per kind that Sentinel knows; names and paths include what breaks careless code. */
export const entityRecipes = {
  Account: (maker, random) => {
    const [name, display] = random.pick(people);
    // Microsoft's AccountEntityProperties have the name without any domain, and no user principal name.
    return makeEntity(maker, 'Account', name, {
      accountName: name,
      displayName: display,
      upnSuffix: 'contoso.com',
      ntDomain: 'CONTOSO',
      aadUserId: maker.ids.guid('aad user'),
      isDomainJoined: true,
    });
  },
  Host: (maker, random) => {
    const host = random.pick(machines);
    return makeEntity(maker, 'Host', host, {
      hostName: host,
      netBiosName: host,
      dnsDomain: 'contoso.com',
      osFamily: 'Windows',
    });
  },
  Ip: (maker, random) => {
    const address = random.chance(0.2) ? '2001:db8::8a2e:370:7334' : `203.0.113.${random.between(1, 254)}`;
    return makeEntity(maker, 'Ip', address, { address });
  },
  Url: (maker, random) => {
    const url = random.pick(sites);
    return makeEntity(maker, 'Url', url, { url });
  },
  FileHash: (maker, random) => {
    const hash = Array.from({ length: 64 }, () => random.between(0, 15).toString(16)).join('');
    return makeEntity(maker, 'FileHash', `${hash}(SHA256)`, { hashValue: hash, algorithm: 'SHA256' });
  },
  File: (maker) =>
    makeEntity(maker, 'File', 'Rechnung März.pdf.exe', {
      fileName: 'Rechnung März.pdf.exe',
      directory: 'C:\\Users\\Public',
    }),
  Process: (maker) =>
    makeEntity(maker, 'Process', 'powershell.exe', {
      processId: '4242',
      commandLine: 'powershell -enc "JABzAD0A…" & exit',
    }),
  DnsResolution: (maker) => makeEntity(maker, 'DnsResolution', 'evil.example', { domainName: 'evil.example' }),
  CloudApplication: (maker) =>
    makeEntity(maker, 'CloudApplication', 'Office 365', { appId: 11161, appName: 'Office 365' }),
  Malware: (maker) =>
    makeEntity(maker, 'Malware', 'Win32/Toga!rfn', { malwareName: 'Win32/Toga!rfn', category: 'Trojan' }),
  RegistryKey: (maker) =>
    makeEntity(maker, 'RegistryKey', 'HKLM\\Software\\Run', { hive: 'HKEY_LOCAL_MACHINE', key: 'Software\\Run' }),
  Mailbox: (maker) =>
    makeEntity(maker, 'Mailbox', 'sales@contoso.com', {
      mailboxPrimaryAddress: 'sales@contoso.com',
      displayName: 'Sales',
      upn: 'sales@contoso.com',
    }),
  MailMessage: (maker) =>
    makeEntity(maker, 'MailMessage', 'Überfällige Rechnung 🧾', {
      subject: 'Überfällige Rechnung 🧾',
      recipient: 'cfo@contoso.com',
      p1Sender: 'x@evil.example',
    }),
  AzureResource: (maker) =>
    makeEntity(maker, 'AzureResource', 'vault-1', {
      resourceId: `/subscriptions/${maker.store.workspace.subscriptionId}/resourceGroups/app/providers/Microsoft.KeyVault/vaults/vault-1`,
    }),
  SecurityGroup: (maker) =>
    makeEntity(maker, 'SecurityGroup', 'Domain Admins', { distinguishedName: 'CN=Domain Admins,DC=contoso,DC=com' }),
} as const satisfies Readonly<Record<string, EntityRecipe>>;

export type EntityKind = keyof typeof entityRecipes;
export const entityKinds = Object.keys(entityRecipes) as EntityKind[];
