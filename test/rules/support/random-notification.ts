import fc from 'fast-check';
import type { JsonObject } from '../../../src/domain/json.ts';
import { severities } from '../../../src/domain/severity.ts';
import { incidentStatuses } from '../../../src/domain/status.ts';
import type { CallbackAction, CallbackMapping, CloseChoice } from '../../../src/rules/choices.ts';

/* Notifications as SIGNL4's outbound webhook sends them, and mappings with every kind of action. */

export const workspaceId = 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b';
const incidentId = '73e01a99-5cd7-4139-a149-9f2736ff2ab5';

const note = fc
  .array(
    fc.constantFrom(
      '#fp',
      '#FP,',
      '(#bp)',
      '#fpx',
      '#',
      'Scanner',
      'of',
      'the',
      '<b>',
      '&',
      '🚨',
      '\n',
      '\r\n',
      '\t',
      '  ',
      '#tp',
    ),
    { maxLength: 8 },
  )
  .map((words) => words.join(' '))
  .chain((text) => fc.constantFrom(text, text, `[Sentinel] ${text}`));

const user = fc.oneof(
  fc.constantFrom(null, undefined, {}),
  fc.record({
    username: fc.constantFrom('mlopez', '', undefined),
    displayname: fc.constantFrom('Maria López', '', undefined),
    mailaddress: fc.constantFrom('m.lopez@contoso.com', 'J.Mueller@contoso.com', '', undefined),
  }),
);

export const notificationBody: fc.Arbitrary<JsonObject> = fc
  .record({
    id: fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => `2518981069381242800_${id}`),
      fc.constantFrom('1', 'Ünïcode'),
    ),
    eventType: fc.constantFrom(1, 200, 201, 201, 201, 202, 203, 300),
    eventRaisedUtc: fc.constantFrom('2026-04-27T15:15:06.8821857Z', undefined),
    team: fc.constantFrom({ teamname: 'SOC', id: '138' }, null, undefined),
    user,
    alert: fc.record({
      id: fc.constant('2518981069381242800_2ab1b5e0-f1b7-4c3e-9adf-6c157eeb4685'),
      statusCode: fc.constantFrom(0, 1, 2, 4, 8, 16, undefined),
      externalEventId: fc.constantFrom(
        `sentinel:${workspaceId}:${incidentId}`,
        ` SENTINEL:${workspaceId.toUpperCase()}:${incidentId.toUpperCase()} `,
        `sentinel:${incidentId}:${incidentId}`,
        `sentinel:${workspaceId}:../../${incidentId}`,
        `sentinel:${workspaceId}:${incidentId}:x`,
        `sentinel:${workspaceId}:`,
        'INC0001',
        '',
        undefined,
      ),
    }),
    annotation: fc.oneof(fc.constantFrom(null, undefined), fc.record({ message: note })),
  })
  .map((body) => JSON.parse(JSON.stringify(body)) as JsonObject);

const action: fc.Arbitrary<CallbackAction> = fc.record({
  status: fc.constantFrom('keep', ...incidentStatuses),
  assignOwner: fc.boolean(),
  tag: fc.constantFrom('', 'SIGNL4-Escalated', 'ünïcode', 'a "b" \\'),
  comment: fc.constantFrom(
    '',
    '{{note}}',
    '{{user.name}} ({{user.mail}}), {{team}}: {{note | default "no note"}}',
    '{{alert.id}} {{event.time}} {{no.such}} {{note | truncate 10 | upper}} {{open',
    'a <b> & "c"\n\n{{User.Name}}',
  ),
  severity: fc.constantFrom('keep', ...severities),
  releaseOwner: fc.boolean(),
});

export const callbackMapping: fc.Arbitrary<CallbackMapping> = fc.record({
  acknowledged: action,
  closed: action,
  annotated: action,
  escalated: action,
  noResponse: action,
  reopened: action,
});

export const closeChoice: fc.Arbitrary<CloseChoice> = fc.record({
  classification: fc.constantFrom('Undetermined', 'TruePositive - SuspiciousActivity'),
  comment: fc.constantFrom('', 'Closed by {{user.name}}. {{note}}'),
  hashtags: fc.constantFrom({}, {
    fp: 'FalsePositive - IncorrectAlertLogic',
    BP: 'BenignPositive - SuspiciousButExpected',
  } as const),
});

export const ownerTable = fc.constantFrom(
  {},
  { 'M.Lopez@contoso.com': 'mlopez@fabrikam.com' },
  { 'm.lopez@contoso.com': '2046feea-040d-4a46-9e2b-91c2941bfa70' },
);
