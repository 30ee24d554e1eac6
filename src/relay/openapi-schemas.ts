/*
 * The shapes of the relay's API as JSON Schema. A test sends real answers through them.
 */

const text = (description: string) => ({ type: 'string', description }) as const;
const listOf = (items: object, description: string) => ({ type: 'array', items, description }) as const;
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const schemas = {
  IncidentReference: {
    type: 'object',
    required: ['incidentArmId'],
    properties: { incidentArmId: text('ARM id of the incident: /subscriptions/…/incidents/<guid>.') },
  },
  IncidentTrigger: {
    type: 'object',
    description: 'Body of the trigger "Microsoft Sentinel incident" as it is.',
    required: ['object'],
    properties: {
      workspaceId: text('GUID of the workspace.'),
      object: {
        type: 'object',
        required: ['id'],
        properties: { id: text('ARM id of the incident.'), properties: { type: 'object' } },
      },
    },
  },
  Event: {
    type: 'object',
    description: 'Body for SIGNL4: title, text, reserved members, and further parameters in the order shown.',
    required: ['Title', 'Message', 'X-S4-ExternalID', 'X-S4-Status', 'X-S4-SourceSystem'],
    additionalProperties: { type: 'string' },
    properties: {
      Title: text('Title of the alert.'),
      Message: text('Text of the alert.'),
      'X-S4-ExternalID': text('sentinel:<workspace GUID>:<incident GUID>'),
      'X-S4-Status': { type: 'string', enum: ['new', 'acknowledged', 'resolved'] },
      'X-S4-SourceSystem': { type: 'string', const: 'MicrosoftSentinel' },
    },
  },
  Alert: {
    type: 'object',
    required: ['id', 'title', 'description', 'product', 'tactics', 'ruleIds', 'additional'],
    properties: {
      id: text('systemAlertId of the alert.'),
      title: text('Title.'),
      description: text('Description; empty where there is none.'),
      severity: { type: 'string', enum: ['High', 'Medium', 'Low', 'Informational'] },
      product: text('As Sentinel spells it.'),
      tactics: listOf({ type: 'string' }, 'MITRE ATT&CK tactics.'),
      startTime: text('Start of the activity, UTC.'),
      endTime: text('End of the activity, UTC.'),
      ruleIds: listOf({ type: 'string' }, 'GUIDs of the analytics rules.'),
      additional: { type: 'object', description: 'Further properties as Sentinel has them.' },
    },
  },
  Entity: {
    type: 'object',
    required: ['kind', 'name'],
    properties: { kind: text('Account, Host, Ip, …'), name: text('The name a person reads.') },
  },
  Comment: {
    type: 'object',
    required: ['author', 'message', 'time'],
    properties: { author: text('Who wrote it.'), message: text('Text, may hold HTML.'), time: text('When, UTC.') },
  },
  QueryResult: {
    type: 'object',
    required: ['alert', 'columns', 'rows', 'truncated', 'moreColumns'],
    properties: {
      alert: text('Title of the alert.'),
      columns: listOf({ type: 'string' }, 'Names of the columns shown, entities first.'),
      rows: listOf({ type: 'array', items: { type: 'string' } }, 'Values as texts, in the order of the columns.'),
      truncated: { type: 'boolean', description: 'More rows exist than are shown.' },
      moreColumns: { type: 'integer', description: 'Columns that have values and are not shown.' },
      error: text('Why rows are missing.'),
    },
  },
  Enriched: {
    type: 'object',
    required: ['event', 'alerts', 'entities', 'comments', 'bookmarks', 'queries', 'warnings'],
    properties: {
      event: ref('Event'),
      alerts: listOf(ref('Alert'), 'The linked alerts, the worst first.'),
      entities: listOf(ref('Entity'), 'The entities of the incident.'),
      comments: listOf(ref('Comment'), 'The comments of the incident.'),
      bookmarks: listOf({ type: 'string' }, 'Names of what analysts marked.'),
      queries: listOf(ref('QueryResult'), "What the alerts' own queries found."),
      warnings: listOf({ type: 'string' }, 'What is missing or late, in words.'),
    },
  },
  Forwarded: {
    type: 'object',
    required: ['status'],
    properties: {
      status: { type: 'string', enum: ['forwarded', 'already-forwarded', 'being-forwarded', 'filtered'] },
      eventId: text('Event id of SIGNL4, where it was sent.'),
      event: ref('Event'),
      warnings: listOf({ type: 'string' }, 'What is missing or late, in words.'),
      failed: listOf({ type: 'string' }, 'Tests of the filter that the incident fails.'),
    },
  },
  Notification: {
    type: 'object',
    description: "Notification of SIGNL4's outbound webhook, in any casing.",
    required: ['id', 'eventType'],
    properties: {
      id: text('Unique per notification.'),
      eventType: { type: 'integer', description: '201 status changed, 202 escalated, 203 annotated, …' },
      eventRaisedUtc: text('When it happened.'),
      alert: {
        type: 'object',
        properties: { externalEventId: text('X-S4-ExternalID of the event.'), statusCode: { type: 'integer' } },
      },
    },
  },
  Intake: {
    type: 'object',
    required: ['status'],
    properties: {
      status: { type: 'string', enum: ['accepted', 'duplicate', 'ignored'] },
      id: text('The id that was taken in.'),
      reason: text('Why it is ignored.'),
    },
  },
  DeadLetters: {
    type: 'object',
    required: ['deadLetters'],
    properties: {
      deadLetters: listOf(ref('DeadLetter'), 'In the order in which they were given up.'),
      next: text('Ask with this as after for the next page; missing on the last one.'),
    },
  },
  DeadLetter: {
    type: 'object',
    required: ['id', 'incident', 'receivedAt', 'deadLetteredAt', 'attempts', 'error'],
    properties: {
      id: text('Id of the notification.'),
      incident: text('External id of the incident; behind respond: where a command was given up.'),
      event: text('What happened in SIGNL4: closed, acknowledged, …'),
      person: text('Who did it.'),
      words: text("How the person's note begins."),
      receivedAt: text('ISO 8601.'),
      deadLetteredAt: text('When it was given up, ISO 8601.'),
      attempts: { type: 'integer' },
      error: text('Why it was given up.'),
    },
  },
  DeadLetterIds: {
    type: 'object',
    required: ['ids'],
    properties: { ids: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 100 } },
  },
  SettledLetters: {
    type: 'object',
    required: ['settled', 'unknown'],
    properties: {
      settled: listOf({ type: 'string' }, 'Ids that were found.'),
      unknown: listOf({ type: 'string' }, 'Ids of no dead letter.'),
    },
  },
  Status: {
    type: 'object',
    required: ['status'],
    properties: {
      status: { type: 'string', enum: ['live', 'ready'] },
      without: {
        type: 'array',
        items: { type: 'string', enum: ['identity'] },
        description: 'What it had and has lost: it takes notifications and pages without, and waits with the rest.',
      },
    },
  },
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: text('Stable, for scripts.'), message: text('For people.') },
      },
    },
  },
} as const;
