/* Fields that templates may use, one row each. Playbook and relay fill the same fields. */

export interface TextField {
  readonly kind: 'text';
  readonly says: string;
}
export interface ListField {
  readonly kind: 'list';
  readonly says: string;
  /** Default separator between items. */
  readonly separator: string;
  /** Limit of the message choice that applies; the number of others is added: "and 37 more". */
  readonly limit?: 'maxAlerts' | 'maxEntities';
}

const text = (says: string): TextField => ({ kind: 'text', says });
const list = (says: string): ListField => ({ kind: 'list', says, separator: ', ' });
const entityList = (says: string): ListField => ({ ...list(says), limit: 'maxEntities' });

export const messageFields = {
  'incident.number': text('Number that people quote'),
  'incident.title': text('Title'),
  'incident.description': text('Description; of the first alert that has one where the incident has none'),
  'incident.severity': text('High, Medium, Low or Informational; Unknown where Defender has not rated it'),
  'incident.status': text('New, Active or Closed; in words where Defender has another state'),
  'incident.owner': text('Name of the owner'),
  'incident.tags': list('Tags'),
  'incident.tactics': list('MITRE ATT&CK tactics'),
  'incident.techniques': list('MITRE ATT&CK techniques'),
  'incident.products': list('Friendly names of the products that raised the alerts'),
  'incident.link': text('Link for a person: Defender portal where the incident is known there, else Azure portal'),
  'incident.url': text('Link into the Azure portal'),
  'incident.defenderUrl': text('Link into the Defender portal'),
  'incident.id': text('GUID of the incident'),
  'incident.created': text('Time of creation, UTC'),
  'incident.provider': text('Who provides the incident: Azure Sentinel or Microsoft XDR'),
  'alerts.count': text('Number of linked alerts'),
  'alerts.titles': { ...list('Titles of the linked alerts'), limit: 'maxAlerts' } satisfies ListField,
  'alerts.list': {
    ...list('The linked alerts, one per line: title, severity, product, description'),
    separator: '\n',
    limit: 'maxAlerts',
  } satisfies ListField,
  'entities.accounts': entityList('Accounts'),
  'entities.hosts': entityList('Hosts'),
  'entities.ips': entityList('IP addresses'),
  'entities.urls': entityList('URLs'),
  'entities.files': entityList('Files'),
  'entities.hashes': entityList('File hashes'),
  'entities.others': entityList('Entities of other kinds'),
  'entities.list': text('All entities, one line per kind'),
  'entities.count': text('Number of entities'),
  'queries.list': text(
    "Rows that the alerts' own queries found; only the relay runs them, the playbook leaves it empty",
  ),
  company: text('Company name, from the config'),
  'workspace.name': text('Name of the Log Analytics workspace'),
} as const satisfies Readonly<Record<string, TextField | ListField>>;

export type MessageField = keyof typeof messageFields;

/** Fields of the comment templates in `callback` and `close`. */
export const commentFields = {
  'user.name': text('Who acted; SIGNL4 where nobody did'),
  'user.mail': text('Mail address of who acted'),
  team: text('SIGNL4 team'),
  note: text('What the person typed; the relay leaves the hashtag out'),
  'alert.id': text('Id of the SIGNL4 alert'),
  'event.time': text('When it happened, UTC'),
} as const satisfies Readonly<Record<string, TextField>>;

export type CommentField = keyof typeof commentFields;

/** Alternative spellings. */
export const fieldAliases: Readonly<Record<string, string>> = {
  'alert.count': 'alerts.count',
  'alert.titles': 'alerts.titles',
  'alert.list': 'alerts.list',
  'entity.list': 'entities.list',
  'entity.count': 'entities.count',
  'incident.labels': 'incident.tags',
};

/** Kinds of entities (lower case, as in Sentinel) with their field and heading; all other kinds are listed under "others". */
export const entityFields = [
  { field: 'entities.accounts', kind: 'account', heading: 'Accounts' },
  { field: 'entities.hosts', kind: 'host', heading: 'Hosts' },
  { field: 'entities.ips', kind: 'ip', heading: 'IP addresses' },
  { field: 'entities.urls', kind: 'url', heading: 'URLs' },
  { field: 'entities.files', kind: 'file', heading: 'Files' },
  { field: 'entities.hashes', kind: 'filehash', heading: 'File hashes' },
  { field: 'entities.others', kind: undefined, heading: 'Others' },
] as const satisfies readonly { field: MessageField; kind: string | undefined; heading: string }[];

/** Maximum characters of an alert's description in `alerts.list`. */
export const ALERT_DESCRIPTION_LIMIT = 300;
