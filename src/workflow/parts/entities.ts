import type { Config } from '../../config/config.ts';
import {
  at,
  call,
  coalesce,
  contains,
  type Expr,
  equals,
  not,
  or,
  parameter,
  string,
  type Text,
  take,
  text,
  when,
} from '../../wdl/build.ts';
import type { Choices } from '../workflow.ts';

/*
 * A line about an entity, in tokens: its kind, its name, and what distinguishes it from others of the same name. The relay knows
 * names for all kinds; here a kind that is not in `named` shows all its members if Sentinel gives no friendly name.
 */

/** Format of entities: from the incident and entity triggers and REST, or raw in an alert. */
interface Shape {
  /** Members that name an entity, best first. */
  readonly names: readonly string[];
  /** Member that holds the part after the @ of an account. */
  readonly suffix: string;
  /** Members that distinguish entities of the same name. */
  readonly marks: readonly string[];
  /** Kinds, as spelled there, for which the members above are sufficient. */
  readonly named: string;
}

const shapes = {
  resource: {
    names: ['friendlyName', 'accountName', 'hostName', 'address', 'url', 'fileName', 'hashValue'],
    suffix: 'upnSuffix',
    marks: ['ntDomain', 'dnsDomain', 'sid', 'aadUserId', 'commandLine', 'objectGuid', 'azureID'],
    named: 'Account Host Ip IP Url URL File FileHash Process',
  },
  /** The entity trigger nests members deeply, so an entity without a friendly name shows all of them. */
  trigger: {
    names: ['friendlyName', 'accountName', 'hostName', 'address', 'url'],
    suffix: 'upnSuffix',
    marks: ['ntDomain', 'dnsDomain', 'sid', 'aadUserId', 'azureID'],
    named: 'Account Host',
  },
  raw: {
    names: [
      ...['Name', 'HostName', 'Address', 'Url', 'Value', 'DomainName', 'Sid', 'AadUserId'],
      ...['MailboxPrimaryAddress', 'ResourceId', 'Subject', 'Key', 'DistinguishedName'],
    ],
    suffix: 'UPNSuffix',
    marks: ['NTDomain', 'DnsDomain', 'CommandLine', 'ObjectGuid', 'AzureID', 'Recipient', 'Hive'],
    named:
      'account host ip url file filehash dns process mailbox azure-resource mail-message registry-key security-group',
  },
} as const satisfies Record<string, Shape>;

export interface EntityTokens {
  readonly shape: keyof typeof shapes;
  readonly kind: Expr;
  /** Where its members are: `item()?['properties']`. */
  readonly members: Expr;
  /** Whether the config has names of its own for entities. */
  readonly hasNames: boolean;
}

/** Maximum characters shown of an entity without a name. */
const SHOWN = 300;

/** `Account: admin@contoso.com CONTOSO`, as a string that begins with a token. */
export function entityLine(entity: EntityTokens): Text {
  return text`${entity.kind}: ${entityName(entity)}`;
}

/** The same without the kind. */
export function entityName({ shape, kind, members, hasNames }: EntityTokens): Text {
  const { names, suffix, marks, named }: Shape = shapes[shape];
  const firstOf = (properties: readonly string[]) => coalesce(...properties.map((name) => at(members, name)));
  const [short = '', other = ''] = names;
  const isWhole = contains(string(coalesce(at(members, short), at(members, other))), '@');
  const afterAt = when(or(equals(at(members, suffix), null), isWhole), '', call('concat', '@', at(members, suffix)));
  const isNamed = contains(` ${named} `, call('concat', ' ', kind, ' '));
  const hasLabel = not(equals(at(members, short), null));
  const rest = when(shape === 'raw' ? isNamed : or(isNamed, hasLabel), '', take(string(members), SHOWN));
  const friendly = at(parameter('EntityNames'), coalesce(at(members, short), at(members, other), ''));
  const name = text`${firstOf(names)}${afterAt} ${firstOf(marks)}${rest}`;
  return hasNames ? text`${name} ${friendly}` : name;
}

/** Whether the config has names of its own for entities. */
export const hasEntityNames = ({ friendlyNames }: Config) => Object.keys(friendlyNames.entities).length > 0;

/** Those names as a table. */
export const nameChoicesOfEntities = ({ friendlyNames }: Config): Choices => ({
  EntityNames: {
    type: 'Object',
    defaultValue: friendlyNames.entities,
    description: 'Name of an account, host or address to what people call it.',
  },
});
