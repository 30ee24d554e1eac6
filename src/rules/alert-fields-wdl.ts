import { entityFieldsWdl } from './entity-fields-wdl.ts';
import {
  at,
  call,
  concat,
  distinct,
  empty,
  firstText,
  friendlyWdl,
  replace,
  text,
  trim,
  type Wdl,
  when,
} from './expressions.ts';
import { companyWdl, emptyFields, type FieldSource } from './incident-fields-wdl.ts';

/**
 * Message fields of the alert trigger's body (flat, PascalCase, entities as a JSON text), so that the templates for incidents
 * also serve alerts that have none: the alert stands for the incident. What only incidents have is empty.
 */
export function alertFieldsWdl(alert: Wdl): FieldSource {
  const part = (name: string) => trim(text(at(alert, name)));
  const entities = entityFieldsWdl(call('json', firstText(part('Entities'), "'[]'")), 'flat');
  const product = friendlyWdl('ProductNames', part('ProductName'));
  const one = (value: Wdl) => distinct(call('createArray', value, "''"));
  const marks = distinct(call('createArray', part('Severity'), product));
  const line = concat(
    "'• '",
    part('AlertDisplayName'),
    when(empty(marks), "''", concat("' ('", call('join', marks, "', '"), "')'")),
  );
  return {
    locals: entities.locals,
    fields: {
      ...emptyFields(),
      ...entities.fields,
      'incident.title': part('AlertDisplayName'),
      'incident.description': part('Description'),
      'incident.severity': part('Severity'),
      'incident.tactics': distinct(wordsOfAlert(at(alert, 'Tactics'))),
      'incident.products': one(product),
      'incident.link': part('AlertUri'),
      'incident.url': part('AlertUri'),
      'incident.id': part('SystemAlertId'),
      'incident.created': part('StartTimeUtc'),
      'incident.provider': firstText(part('ProviderName'), part('VendorName')),
      'alerts.count': "'1'",
      'alerts.titles': one(part('AlertDisplayName')),
      'alerts.list': one(line),
      company: companyWdl({ workspaceId: at(alert, 'WorkspaceId') }),
    },
  };
}

/**
 * Words (tactics, GUIDs) as an array, whether they arrive as one, as the JSON text of one, or as a text with commas. One empty
 * word where there is nothing.
 */
export function wordsOfAlert(words: Wdl): Wdl {
  const marks = ["'['", "']'", `'"'`, "' '"];
  return call(
    'split',
    marks.reduce((rest, mark) => replace(rest, mark, "''"), text(words)),
    "','",
  );
}

/** `ExtendedProperties` of an alert as an object: they arrive as a JSON text, and are empty where that is no object. */
export function detailsOfAlert(alert: Wdl): Wdl {
  const given = trim(text(at(alert, 'ExtendedProperties')));
  return call('json', when(call('startsWith', given, "'{'"), given, "'{}'"));
}
