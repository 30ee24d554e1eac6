import { member, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import type { AlertRule } from './alert-rule.ts';
import { notFound } from './arm-error.ts';
import { type AutomationRule, readAutomationRule } from './automation-rule.ts';
import { type ArmRoutes, authorize } from './routing.ts';
import { runPlaybook } from './run-playbook.ts';
import type { SentinelSetting } from './setting.ts';
import type { SentinelStore } from './store.ts';
import { entityTriggerBody } from './trigger-body.ts';

/** Automation rules, analytics rules (read only), and playbooks run on an entity. */
export function addAutomationRoutes(app: ArmRoutes, setting: SentinelSetting): void {
  const { store, access, automation, alertRules } = setting;

  app.get('/automationrules', ({ var: { caller } }) => {
    authorize(caller, 'automationRules/read', access);
    return Response.json({ value: [...automation.rules.values()].map((rule) => automationResource(store, rule)) });
  });

  app.get('/automationrules/:id', ({ req, var: { caller } }) => {
    authorize(caller, 'automationRules/read', access);
    const rule = automation.rules.get(req.param('id'));
    if (!rule) throw notFound(`Automation rule '${req.param('id')}'`);
    return Response.json(automationResource(store, rule));
  });

  app.put('/automationrules/:id', async ({ req, var: { caller } }) => {
    authorize(caller, 'automationRules/write', access);
    const name = req.param('id');
    const isNew = !automation.rules.has(name);
    const properties = readAutomationRule(await readJson(req.raw));
    automation.checkRule(properties);
    const rule = { name, etag: setting.ids.guid('automation rule etag'), properties };
    automation.rules.set(name, rule);
    return Response.json(automationResource(store, rule), { status: isNew ? 201 : 200 });
  });

  app.delete('/automationrules/:id', ({ req, var: { caller } }) => {
    authorize(caller, 'automationRules/delete', access);
    return new Response(null, { status: automation.rules.delete(req.param('id')) ? 200 : 204 });
  });

  app.get('/alertrules', ({ var: { caller } }) => {
    authorize(caller, 'alertRules/read', access);
    return Response.json({ value: [...alertRules.values()].map((rule) => alertRuleResource(store, rule)) });
  });

  app.get('/alertrules/:id', ({ req, var: { caller } }) => {
    authorize(caller, 'alertRules/read', access);
    const rule = alertRules.get(req.param('id'));
    if (!rule) throw notFound(`Analytics rule '${req.param('id')}'`);
    return Response.json(alertRuleResource(store, rule));
  });

  app.post('/entities/:id/runplaybook', async ({ req, var: { caller } }) => {
    authorize(caller, 'entities/runPlaybook/action', access);
    const bodyOf = (given: unknown) => {
      const incidentId = textOf(member(given, 'incidentArmId'));
      const incident = incidentId === undefined ? undefined : store.incident(incidentId);
      const entity = [...store.incidents.values()]
        .flatMap(({ entities }) => entities)
        .find(({ name }) => name === req.param('id'));
      if (!entity) throw notFound(`Entity '${req.param('id')}'`);
      return entityTriggerBody(store, entity, incident);
    };
    return runPlaybook(req.raw, caller, setting, { trigger: 'entity', bodyOf });
  });
}

function automationResource(store: SentinelStore, { name, etag, properties }: AutomationRule) {
  return {
    id: store.armId('AutomationRules', name),
    name,
    type: 'Microsoft.SecurityInsights/AutomationRules',
    etag,
    properties,
  };
}

function alertRuleResource(store: SentinelStore, { name, kind, etag, properties }: AlertRule) {
  return {
    id: store.armId('alertRules', name),
    name,
    type: 'Microsoft.SecurityInsights/alertRules',
    kind,
    etag,
    properties,
  };
}
