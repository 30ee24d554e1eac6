import { classifications } from '../../domain/classification.ts';
import { severities } from '../../domain/severity.ts';
import { incidentStatuses } from '../../domain/status.ts';
import type { CallbackAction, CallbackEvent, CloseChoice, SyncChoice } from '../../rules/choices.ts';
import { type RespondChoice, type ResponsePlaybook, responders, responseTargets } from '../../rules/respond.ts';
import { defaultConfig as standard } from '../config.ts';
import { choice, flag, list, map, ownText, type SchemaNode, section, text, whole } from './node.ts';
import { entityName, GUID_PATTERN, guid, MAIL_PATTERN, mail, workflowIdRule } from './patterns.ts';

const eventTexts: Readonly<Record<CallbackEvent, string>> = {
  acknowledged: 'Somebody acknowledges the alert.',
  closed: 'Somebody closes the alert. Classification and closing comment are under "close".',
  annotated: 'Somebody writes a note.',
  escalated:
    'The alert is escalated, to managers or another team: nobody acknowledged in time, or somebody handed it on.',
  noResponse: 'Nobody responded at all.',
  reopened: 'Somebody takes an acknowledgement or a closing back.',
};

const releaseText =
  'An acknowledgement that is taken back sets the incident to New and makes nobody the owner, unless somebody else owns it.';

function callbackAction(event: CallbackEvent): SchemaNode {
  const choices = standard.callback[event];
  return section<Omit<CallbackAction, 'releaseOwner'>>(eventTexts[event], {
    status: choice('New state of the incident; keep leaves it alone.', [...incidentStatuses, 'keep'], choices.status),
    assignOwner: flag('Make the person who acted the owner of the incident.', choices.assignOwner),
    tag: text('Tag to add. Empty: none.', choices.tag, 'SIGNL4-Seen', { maxLength: 100 }),
    comment: text(
      'Comment to write, a template. Empty: none. Fields: user.name, user.mail, team, note, alert.id, event.time.',
      choices.comment,
      '{{user.name}} acted in SIGNL4.',
      { maxLength: 10_000 },
    ),
    severity: choice('New severity; keep leaves it alone.', [...severities, 'keep'], choices.severity),
    ...(event === 'reopened' && { releaseOwner: flag(releaseText, choices.releaseOwner ?? false) }),
  });
}

export const callback = section<Record<CallbackEvent, unknown>>('What an event in SIGNL4 does to the incident.', {
  acknowledged: callbackAction('acknowledged'),
  closed: callbackAction('closed'),
  annotated: callbackAction('annotated'),
  escalated: callbackAction('escalated'),
  noResponse: callbackAction('noResponse'),
  reopened: callbackAction('reopened'),
});

export const close = section<CloseChoice>('How an incident is closed from SIGNL4.', {
  classification: choice(
    'Classification and reason of an incident that is closed without a hashtag.',
    classifications,
    standard.close.classification,
  ),
  comment: text('Comment on the classification, a template.', standard.close.comment, undefined, {
    maxLength: 10_000,
  }),
  hashtags: map(
    'Hashtag in the closing note (without #) to the classification it selects. The list you write replaces the standard one.',
    standard.close.hashtags,
    { type: 'string', enum: classifications },
    {
      names: {
        type: 'string',
        examples: ['fp'],
        pattern: '^[\\p{L}\\p{N}_-]{1,50}$',
        patternErrorMessage: 'is not a hashtag (letters, digits, "_" and "-", without #)',
      },
    },
  ),
});

export const sync = section<SyncChoice>('Which changes in Sentinel reach SIGNL4.', {
  closed: flag('Closed in Sentinel resolves the SIGNL4 alerts; reopened alerts again.', standard.sync.closed),
  acknowledged: flag(
    'A person who takes the incident in Sentinel acknowledges the SIGNL4 alert; a rule, a playbook or a group does not.',
    standard.sync.acknowledged,
  ),
  severityRaised: flag('A raised severity alerts again where nobody is on it.', standard.sync.severityRaised),
  comments: flag('New comments, alerts and entities become annotations in SIGNL4.', standard.sync.comments),
});

export const owners = map(
  'Owner of an incident by the SIGNL4 mail address of the person who acted: a user principal name or, where graph.enabled is off, an object id. Only for people whose mail address in SIGNL4 is not their user principal name.',
  {},
  {
    type: 'string',
    examples: ['mlopez@contoso.com'],
    pattern: `${MAIL_PATTERN}|${GUID_PATTERN}`,
    patternErrorMessage: 'is neither a user principal name nor the GUID of a user',
  },
  {
    example: { 'm.lopez@contoso.example': 'mlopez@contoso.com' },
    names: mail,
  },
);

const EXAMPLE =
  '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-response/providers/Microsoft.Logic/workflows/Isolate-Host';

const response: SchemaNode = {
  ...section<ResponsePlaybook>('A response playbook that people may start from the phone.', {
    playbook: ownText(
      'ARM id of the playbook (logic app, Consumption). Portal: the logic app, JSON View, "Resource ID".',
      EXAMPLE,
      workflowIdRule,
    ),
    on: choice('What its trigger starts on: the incident, or an entity of a kind.', responseTargets, 'incident'),
    who: choice(
      'Who may start it: who holds the alert (acknowledged it), who is on duty in its team, or either.',
      responders,
      'holder',
    ),
    teams: list('Ids of SIGNL4 teams from whose alerts it may be started. Empty: all.', [], guid),
    people: list('Mail addresses in SIGNL4 of the people who may start it. Empty: all.', [], mail, [
      'm.lopez@contoso.com',
    ]),
    confirm: flag('Ask twice: it runs when the same person writes #confirm and the name, too.', false),
  }),
  required: ['playbook'],
};

export const respond = section<RespondChoice>(
  'What the person on call may start from the phone, by a note such as "#run isolate".',
  {
    playbooks: map('Word behind #run to the response playbook. Empty: nothing can be started.', {}, response, {
      names: {
        type: 'string',
        examples: ['isolate'],
        pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
        patternErrorMessage: 'is not a word for a note (1 to 40 lower-case letters, digits or "-")',
      },
      example: {
        isolate: {
          playbook: EXAMPLE,
          on: 'host',
        },
      },
    }),
    perHour: whole(
      'Most #run notes, and most #confirm notes, on one alert within an hour; refused ones count.',
      standard.respond.perHour,
      1,
      100,
    ),
    protected: list(
      'Names of entities that nothing is started on, such as domain controllers, in every domain. An account whose user principal name and Windows name differ needs both.',
      [],
      entityName,
      ['DC01', 'ceo@contoso.com'],
    ),
  },
);
