import { isJsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { type ConditionOperator, conditionOperators } from '../../domain/rule-conditions.ts';
import { badRequest } from './arm-error.ts';

/** Trigger of a playbook as `runPlaybook` tells them apart. */
export type PlaybookTrigger = 'incident' | 'entity';

/** An automation rule as it is stored: `properties` as written, checked. Source: AutomationRules.json, 2025-09-01. */
export interface AutomationRule {
  readonly name: string;
  readonly etag: string;
  readonly properties: {
    readonly displayName: string;
    readonly order: number;
    readonly triggeringLogic: {
      readonly isEnabled: boolean;
      readonly expirationTimeUtc?: string;
      readonly triggersOn: 'Incidents' | 'Alerts';
      readonly triggersWhen: 'Created' | 'Updated';
      readonly conditions?: readonly Condition[];
    };
    readonly actions: readonly RuleAction[];
  };
}

export type Condition =
  | { readonly conditionType: 'Property'; readonly conditionProperties: PropertyCondition }
  | {
      readonly conditionType: 'PropertyChanged';
      readonly conditionProperties: {
        readonly propertyName: 'IncidentSeverity' | 'IncidentStatus' | 'IncidentOwner';
        readonly changeType?: 'ChangedFrom' | 'ChangedTo';
        readonly operator?: ConditionOperator;
        readonly propertyValues?: readonly string[];
      };
    }
  | {
      readonly conditionType: 'PropertyArrayChanged';
      readonly conditionProperties: {
        readonly arrayType: 'Alerts' | 'Labels' | 'Tactics' | 'Comments';
        readonly changeType: 'Added';
      };
    }
  | {
      readonly conditionType: 'PropertyArray';
      readonly conditionProperties: {
        readonly arrayType: 'CustomDetails' | 'CustomDetailValues';
        readonly arrayConditionType: 'AnyItem' | 'AllItems';
        readonly itemConditions: readonly Condition[];
      };
    }
  | {
      readonly conditionType: 'Boolean';
      readonly conditionProperties: { readonly operator: 'And' | 'Or'; readonly innerConditions: readonly Condition[] };
    };

export interface PropertyCondition {
  readonly propertyName: string;
  readonly operator: ConditionOperator;
  readonly propertyValues: readonly string[];
}

export type RuleAction =
  | {
      readonly order: number;
      readonly actionType: 'RunPlaybook';
      readonly actionConfiguration: { readonly logicAppResourceId: string; readonly tenantId?: string };
    }
  | { readonly order: number; readonly actionType: 'ModifyProperties'; readonly actionConfiguration: unknown }
  | {
      readonly order: number;
      readonly actionType: 'AddIncidentTask';
      readonly actionConfiguration: { readonly title: string; readonly description?: string };
    };

/** Service limits: automation rules reference and service limits. */
const LIMITS = { actions: 20, conditions: 50, order: 1_000, displayName: 500 };

/** Checks the body of a PUT as far as the service does. Throws 400 that names the member. */
export function readAutomationRule(body: unknown): AutomationRule['properties'] {
  const properties = member(body, 'properties');
  const logic = member(properties, 'triggeringLogic');
  const actions = listOf(member(properties, 'actions'));
  const conditions = listOf(member(logic, 'conditions'));
  const displayName = textOf(member(properties, 'displayName')) ?? '';
  const order = member(properties, 'order');
  check(displayName.length > 0 && displayName.length <= LIMITS.displayName, 'displayName', '1 to 500 characters');
  check(
    Number.isInteger(order) && Number(order) >= 1 && Number(order) <= LIMITS.order,
    'order',
    'a number from 1 to 1000',
  );
  check(typeof member(logic, 'isEnabled') === 'boolean', 'triggeringLogic.isEnabled', 'true or false');
  checkOneOf(member(logic, 'triggersOn'), 'triggeringLogic.triggersOn', ['Incidents', 'Alerts']);
  checkOneOf(member(logic, 'triggersWhen'), 'triggeringLogic.triggersWhen', ['Created', 'Updated']);
  check(actions.length >= 1 && actions.length <= LIMITS.actions, 'actions', '1 to 20 actions');
  check(conditions.length <= LIMITS.conditions, 'triggeringLogic.conditions', 'at most 50 conditions');
  for (const [index, action] of actions.entries()) checkAction(action, `actions[${index}]`);
  for (const [index, condition] of conditions.entries()) checkCondition(condition, `conditions[${index}]`);
  return properties as AutomationRule['properties'];
}

function checkAction(action: unknown, where: string): void {
  const type = member(action, 'actionType');
  checkOneOf(type, `${where}.actionType`, ['RunPlaybook', 'ModifyProperties', 'AddIncidentTask']);
  check(Number.isInteger(member(action, 'order')), `${where}.order`, 'a number');
  const configuration = member(action, 'actionConfiguration');
  if (type === 'RunPlaybook')
    check(
      /^\/subscriptions\/.+\/(Microsoft\.Logic\/workflows|Microsoft\.Web\/sites)\/.+/i.test(
        textOf(member(configuration, 'logicAppResourceId')) ?? '',
      ),
      `${where}.actionConfiguration.logicAppResourceId`,
      'the resource id of a workflow',
    );
  if (type === 'AddIncidentTask')
    check(Boolean(textOf(member(configuration, 'title'))), `${where}.actionConfiguration.title`, 'a string');
}

function checkCondition(condition: unknown, where: string): void {
  const type = member(condition, 'conditionType');
  const types = ['Property', 'PropertyArray', 'PropertyChanged', 'PropertyArrayChanged', 'Boolean'];
  checkOneOf(type, `${where}.conditionType`, types);
  const properties = member(condition, 'conditionProperties');
  check(isJsonObject(properties), `${where}.conditionProperties`, 'an object');
  if (type === 'Property') {
    checkOneOf(member(properties, 'operator'), `${where}.operator`, conditionOperators);
    check(listOf(member(properties, 'propertyValues')).length > 0, `${where}.propertyValues`, 'at least one value');
  }
  if (type === 'PropertyChanged')
    checkOneOf(member(properties, 'propertyName'), `${where}.propertyName`, [
      'IncidentSeverity',
      'IncidentStatus',
      'IncidentOwner',
    ]);
  if (type === 'PropertyArrayChanged')
    checkOneOf(member(properties, 'arrayType'), `${where}.arrayType`, ['Alerts', 'Labels', 'Tactics', 'Comments']);
  const inner = listOf(member(properties, type === 'Boolean' ? 'innerConditions' : 'itemConditions'));
  if (type === 'Boolean')
    check(inner.length >= 2 && inner.length <= 10, `${where}.innerConditions`, '2 to 10 conditions');
  for (const [index, part] of inner.entries()) checkCondition(part, `${where}[${index}]`);
}

function check(holds: boolean, where: string, wanted: string): void {
  if (!holds) throw badRequest(`Invalid automation rule: '${where}' must be ${wanted}`);
}

function checkOneOf(value: unknown, where: string, allowed: readonly string[]): void {
  check(typeof value === 'string' && allowed.includes(value), where, `one of ${allowed.join(', ')}`);
}
