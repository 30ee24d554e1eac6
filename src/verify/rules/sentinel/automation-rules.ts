import { isPlaceholderText } from '../../../arm-expressions/value.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { conditionOperators } from '../../../domain/rule-conditions.ts';
import { at, listAt, objectAt, textAt } from '../../json-walk.ts';
import type { At, SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { levelsOf } from '../../template-level.ts';
import type { Tree } from '../../tree.ts';

/** An automation rule: its properties, evaluated. */
export type AutomationRule = JsonObject;

const CONDITION_TYPES = ['Property', 'PropertyArray', 'PropertyChanged', 'PropertyArrayChanged', 'Boolean'];
const OPERATORS: readonly string[] = conditionOperators;
const CHANGED_PROPERTIES = ['IncidentSeverity', 'IncidentStatus', 'IncidentOwner'];
const CHANGED_ARRAYS = ['Alerts', 'Labels', 'Tactics', 'Comments'];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  IncidentStatus: ['New', 'Active', 'Closed'],
  IncidentSeverity: ['High', 'Medium', 'Low', 'Informational'],
};
const ACTIONS = ['ModifyProperties', 'RunPlaybook', 'AddIncidentTask'];

export function automationRulesOf(tree: Tree): At<AutomationRule>[] {
  return levelsOf(tree).flatMap((level) =>
    level.resources
      .filter(({ type }) => /^microsoft\.securityinsights\/automationrules$|\/providers\/automationrules$/.test(type))
      .flatMap(({ at: pointer, raw }) => {
        const properties = level.evaluate(raw['properties']);
        return properties !== undefined && isJsonObject(properties)
          ? [{ file: level.file, at: `${pointer}/properties`, subject: properties }]
          : [];
      }),
  );
}

export const automationRules: readonly SubjectRule<AutomationRule>[] = [
  {
    id: 'automation-rule.settings',
    level: 'error',
    source: sources.automationRules,
    help: 'Give displayName (up to 500 characters), order (1 to 1000), triggersOn (Incidents or Alerts) and triggersWhen (Created or Updated).',
    check: (rule) => {
      const name = textAt(rule, 'displayName') ?? '';
      const order = at(rule, 'order');
      const [on = '', when = ''] = ['triggersOn', 'triggersWhen'].map(
        (member) => textAt(rule, 'triggeringLogic', member) ?? '',
      );
      return [
        ...(name !== '' && name.length <= 500
          ? []
          : [{ pointer: '/displayName', message: `the name has ${name.length} characters` }]),
        ...(typeof order === 'number' && order >= 1 && order <= 1000
          ? []
          : [{ pointer: '/order', message: `the order is ${order}` }]),
        ...(['Incidents', 'Alerts'].includes(on)
          ? []
          : [{ pointer: '/triggeringLogic/triggersOn', message: `the rule triggers on "${on}"` }]),
        ...(['Created', 'Updated'].includes(when)
          ? []
          : [{ pointer: '/triggeringLogic/triggersWhen', message: `the rule triggers when "${when}"` }]),
        ...(on === 'Alerts' && when === 'Updated'
          ? [{ pointer: '/triggeringLogic/triggersWhen', message: 'alerts are never updated' }]
          : []),
      ];
    },
  },
  {
    id: 'automation-rule.condition',
    level: 'error',
    source: sources.automationRules,
    help: 'Write the condition as the resource provider knows it; And and Or take 2 to 10 inner conditions.',
    check: (rule) => {
      const updates = textAt(rule, 'triggeringLogic', 'triggersWhen') === 'Updated';
      return listAt(rule, 'triggeringLogic', 'conditions').flatMap((condition, index) =>
        conditionProblems(condition, `/triggeringLogic/conditions/${index}`, updates),
      );
    },
  },
  {
    id: 'automation-rule.action',
    level: 'error',
    source: sources.automationRules,
    help: 'Give each action an order of its own and a type; RunPlaybook needs the id of a logic app.',
    check: (rule) => {
      const actions = listAt(rule, 'actions');
      const orders = actions.map((action) => JSON.stringify(at(action, 'order') ?? null));
      return [
        ...(actions.length === 0 ? [{ pointer: '/actions', message: 'the rule does nothing' }] : []),
        ...actions.flatMap((action, index) => actionProblems(action, `/actions/${index}`)),
        ...orders.flatMap((order, index) =>
          orders.indexOf(order) < index
            ? [{ pointer: `/actions/${index}/order`, message: 'two actions have the same order' }]
            : [],
        ),
      ];
    },
  },
  {
    id: 'automation-rule.label-loop',
    level: 'warning',
    source: sources.ours,
    help: 'Do not trigger on tags: a playbook that tags the incident starts the rule again.',
    check: (rule) => {
      const runsPlaybook = listAt(rule, 'actions').some((action) => textAt(action, 'actionType') === 'RunPlaybook');
      const text = JSON.stringify(at(rule, 'triggeringLogic', 'conditions') ?? []);
      return runsPlaybook && /"arrayType":"Labels"/.test(text)
        ? [{ pointer: '/triggeringLogic/conditions', message: 'the rule runs a playbook when a tag is added' }]
        : [];
    },
  },
];

function conditionProblems(condition: Json, pointer: string, updates: boolean): Violation[] {
  const type = textAt(condition, 'conditionType') ?? '';
  const properties = objectAt(condition, 'conditionProperties');
  const place = `${pointer}/conditionProperties`;
  if (!CONDITION_TYPES.includes(type))
    return [{ pointer: `${pointer}/conditionType`, message: `"${type}" is not a type of condition` }];
  if (type === 'Boolean') return booleanProblems(properties, place, updates);
  const operator = textAt(properties, 'operator');
  const name = textAt(properties, 'propertyName') ?? '';
  return [
    ...(type.endsWith('Changed') && !updates
      ? [{ pointer, message: `a ${type} condition needs a rule that triggers on updates` }]
      : []),
    ...(operator === undefined || OPERATORS.includes(operator)
      ? []
      : [{ pointer: `${place}/operator`, message: `"${operator}" is not an operator` }]),
    ...(type === 'PropertyChanged' && !CHANGED_PROPERTIES.includes(name)
      ? [{ pointer: `${place}/propertyName`, message: `changes of "${name}" are not known` }]
      : []),
    ...(type === 'PropertyArrayChanged' && !CHANGED_ARRAYS.includes(textAt(properties, 'arrayType') ?? '')
      ? [
          {
            pointer: `${place}/arrayType`,
            message: `"${textAt(properties, 'arrayType')}" is not an array of an incident`,
          },
        ]
      : []),
    ...listAt(properties, 'propertyValues')
      .filter(
        (value) => typeof value === 'string' && !isPlaceholderText(value) && VALUES[name]?.includes(value) === false,
      )
      .map((value) => ({ pointer: `${place}/propertyValues`, message: `"${value}" is not a value of ${name}` })),
  ];
}

function booleanProblems(properties: JsonObject, place: string, updates: boolean): Violation[] {
  const inner = listAt(properties, 'innerConditions');
  return [
    ...(['And', 'Or'].includes(textAt(properties, 'operator') ?? '')
      ? []
      : [{ pointer: `${place}/operator`, message: 'the operator is neither And nor Or' }]),
    ...(inner.length >= 2 && inner.length <= 10
      ? []
      : [{ pointer: `${place}/innerConditions`, message: `there are ${inner.length} inner conditions` }]),
    ...inner.flatMap((one, index) => conditionProblems(one, `${place}/innerConditions/${index}`, updates)),
  ];
}

function actionProblems(action: Json, pointer: string): Violation[] {
  const type = textAt(action, 'actionType') ?? '';
  const id = textAt(action, 'actionConfiguration', 'logicAppResourceId') ?? '';
  return [
    ...(ACTIONS.includes(type) ? [] : [{ pointer: `${pointer}/actionType`, message: `"${type}" is not an action` }]),
    ...(type === 'RunPlaybook' && !/\/providers\/Microsoft\.Logic\/workflows\/[^/]+$/i.test(id)
      ? [{ pointer: `${pointer}/actionConfiguration/logicAppResourceId`, message: `"${id}" is not a logic app` }]
      : []),
  ];
}
