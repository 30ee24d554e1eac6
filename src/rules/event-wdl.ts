import { alertLimits, fallbackTexts, gapReplacements } from './alert-limits.ts';
import type { MessageChoice } from './choices.ts';
import {
  bodyOf,
  call,
  contains,
  cutText,
  empty,
  equals,
  type LocalAction,
  literal,
  lookUp,
  lower,
  not,
  or,
  outputsOf,
  parameter,
  replace,
  text,
  trim,
  type Wdl,
  when,
} from './expressions.ts';
import { type ListField, type MessageField, messageFields, type TextField } from './fields.ts';
import { filteredFieldsAction } from './filtered-fields-wdl.ts';
import type { FieldExpressions, FieldSource } from './incident-fields-wdl.ts';
import {
  fillTemplatesWdl,
  itemName,
  itemValue,
  joinWdl,
  limitParameter,
  memberText,
  namedTemplate,
  objectOfMembers,
} from './template-wdl.ts';

/** Names of the local actions of an event. */
const actions = {
  fields: 'Message fields',
  filtered: 'Message fields with filters',
  templates: 'Message templates',
  segments: 'Message pieces',
  parts: 'Parts with a value',
  members: 'Members of the event',
  event: 'SIGNL4 event',
} as const;

export interface EventSource extends FieldSource {
  /** `X-S4-ExternalID`; see `externalIdWdl`. */
  readonly externalId: Wdl;
  /** Selects the alerting scenario; `''` for none. */
  readonly severity: Wdl;
}

/**
 * The body for SIGNL4's events, as `renderEvent` makes it. Run the locals in order; `event` is the object. Reads the parameters
 * of `messageParameters` and `nameParameters`. Placeholders with filters are compiled from the choice: one that somebody types
 * into the designer with other filters than the config has stays empty.
 */
export function eventWdl(choice: MessageChoice, source: EventSource): { locals: readonly LocalAction[]; event: Wdl } {
  const templates = call(
    'union',
    call(
      'createArray',
      namedTemplate('Title', parameter('TitleTemplate')),
      namedTemplate('Message', parameter('TextTemplate')),
    ),
    parameter('AlertParameters'),
    call(
      'createArray',
      namedTemplate('X-S4-ExternalID', source.externalId),
      namedTemplate('X-S4-Status', "'new'"),
      namedTemplate('X-S4-SourceSystem', "'MicrosoftSentinel'"),
      namedTemplate('X-S4-Service', parameter('Category')),
      namedTemplate('X-S4-AlertingScenario', text(lookUp(parameter('AlertingScenarios'), lower(source.severity)))),
    ),
  );
  const configured = [choice.title, choice.text, ...Object.values(choice.parameters), choice.category];
  const filtered = filteredFieldsAction(actions.filtered, configured, {
    declared: messageFields,
    plainAction: actions.fields,
    lists: source.fields,
    limitOf,
  });
  const fieldActions = [...filtered.map(({ name }) => name), actions.fields];
  const { locals, filled } = fillTemplatesWdl(actions, templates, fieldActions);
  return {
    locals: [
      ...source.locals,
      {
        kind: 'compose',
        name: actions.fields,
        description: 'What each field of a template stands for.',
        inputs: plainFields(source.fields),
      },
      ...filtered,
      ...locals,
      {
        kind: 'query',
        name: actions.parts,
        description: 'Everything that has a value. Title and text always stay.',
        from: filled,
        where: or(contains("createArray('Title', 'Message')", itemName), not(empty(trim(itemValue)))),
      },
      {
        kind: 'select',
        name: actions.members,
        description: 'Each part as a member of the event, cut to what a phone can show.',
        from: bodyOf(actions.parts),
        select: memberText(itemName, partValue()),
      },
      {
        kind: 'compose',
        name: actions.event,
        description: 'The event for SIGNL4.',
        inputs: objectOfMembers(actions.members),
      },
    ],
    event: outputsOf(actions.event),
  };
}

function partValue(): Wdl {
  const tidy = tidyText(itemValue);
  const cutTo = (limit: number, fallback: string) =>
    when(empty(trim(itemValue)), literal(fallback), cutText(tidy, limit));
  return when(
    equals(itemName, "'Title'"),
    cutTo(alertLimits.title, fallbackTexts.Title),
    when(
      equals(itemName, "'Message'"),
      cutTo(alertLimits.text, fallbackTexts.Message),
      cutText(tidy, alertLimits.parameter),
    ),
  );
}

function tidyText(value: Wdl): Wdl {
  return trim(gapReplacements.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), value));
}

/** Every field as text, lists with their own separator. */
function plainFields(fields: FieldExpressions): Readonly<Record<string, Wdl>> {
  return Object.fromEntries(
    (Object.keys(messageFields) as MessageField[]).map((field) => [field, plainText(field, fields)]),
  );
}

function plainText(field: MessageField, fields: FieldExpressions): Wdl {
  const declared = messageFields[field];
  return declared.kind === 'list' ? joinWdl(fields[field], literal(declared.separator), limitOf(field)) : fields[field];
}

function limitOf(field: string): Wdl | undefined {
  const declared: TextField | ListField | undefined = messageFields[field as MessageField];
  if (declared?.kind !== 'list' || declared.limit === undefined) return undefined;
  return limitParameter(declared.limit === 'maxAlerts' ? 'MaxAlerts' : 'MaxEntities');
}
