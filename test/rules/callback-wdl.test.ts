import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExternalId } from '../../src/domain/external-id.ts';
import { readIncident } from '../../src/domain/incident.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { readNotification } from '../../src/domain/notification.ts';
import { isGuid } from '../../src/domain/uuid.ts';
import { applyNotification, type CallbackRules } from '../../src/rules/callback.ts';
import { callbackParameters } from '../../src/rules/callback-parameters.ts';
import { callbackWdl, commentTemplates } from '../../src/rules/callback-wdl.ts';
import { defaultCallback, defaultClose } from '../../src/rules/choices.ts';
import { notificationWdl } from '../../src/rules/notification-wdl.ts';
import { incidentResource, many } from './support/random-incident.ts';
import {
  callbackMapping,
  closeChoice,
  notificationBody,
  ownerTable,
  workspaceId,
} from './support/random-notification.ts';
import { runLocals } from './support/run-locals.ts';

const read = notificationWdl('triggerBody()', `'${workspaceId}'`);

function inWorkflow(body: unknown, resource: unknown, { mapping, close, owners }: CallbackRules) {
  const compiled = callbackWdl({
    body: 'triggerBody()',
    event: read.event,
    incident: "body('Read_the_incident')",
    templates: commentTemplates(mapping, close),
  });
  const { evaluate } = runLocals(compiled.locals, {
    triggerBody: body,
    parameters: callbackParameters(mapping, close, owners),
    bodies: { Read_the_incident: resource },
  });
  const due = evaluate(compiled.comment.isDue) === true;
  return {
    isChange: evaluate(compiled.isChange),
    update: evaluate(compiled.updateBody) as JsonObject,
    comment: due ? { id: evaluate(compiled.comment.id), message: evaluate(compiled.comment.message) } : undefined,
  };
}

/** The relay's change in the words of the connector's UpdateIncident. */
function inTypeScript(body: unknown, resource: unknown, rules: CallbackRules) {
  const notification = readNotification(body);
  const incident = readIncident(resource);
  if (!notification || !incident) throw new Error('not a notification about an incident');
  const { status, owner, severity, tag, close, comment } = applyNotification(notification, incident, rules) ?? {};
  return {
    isChange: [status, owner, severity, tag].some((part) => part !== undefined),
    update: {
      incidentArmId: incident.armId,
      ...(status && { status }),
      ...(close && {
        classification: {
          ClassificationAndReason: close.classification,
          ClassificationReasonText: close.comment,
        },
      }),
      ...(owner && { ownerAction: 'Assign', owner }),
      ...(severity && { severity }),
      ...(tag && { tagsToAdd: { TagsToAdd: [{ Tag: tag }] } }),
    },
    comment,
  };
}

describe('the callback in a workflow', () => {
  it('agrees with the relay on what changes and what is said', () => {
    let changes = 0;
    let comments = 0;
    const anything = [notificationBody, incidentResource, callbackMapping, closeChoice, ownerTable] as const;
    fc.assert(
      fc.property(...anything, (body, resource, mapping, close, owners) => {
        const rules = { mapping, close, owners };
        const workflow = inWorkflow(body, resource, rules);
        const relay = inTypeScript(body, resource, rules);
        // Ids agree where the notification's own id is one; the relay hashes others, which a workflow cannot.
        const ownId = isGuid(String(body['id']));
        const comparable = ({ comment, ...rest }: typeof workflow | typeof relay) => ({
          ...rest,
          comment: comment && { message: comment.message, ...(ownId && { id: comment.id }) },
        });
        expect(comparable(workflow)).toEqual(comparable(relay));
        changes += Number(workflow.isChange === true);
        comments += Number(workflow.comment !== undefined);
      }),
      many,
    );
    expect(Math.min(changes, comments)).toBeGreaterThan(100);
  });

  it('knows its own incidents as the relay does', () => {
    let ours = 0;
    fc.assert(
      fc.property(notificationBody, (body) => {
        const notification = readNotification(body);
        if (!notification) throw new Error('not a notification');
        const { evaluate } = runLocals([], { triggerBody: body });
        const isOurs = evaluate(read.isOurs);
        const id = parseExternalId(notification.externalId);
        const relay = id?.source === 'sentinel' && id.workspaceId === workspaceId ? id.incident : undefined;
        expect(isOurs ? evaluate(read.incidentId) : undefined).toBe(relay);
        expect(evaluate(read.event)).toBe(notification.event ?? '');
        ours += Number(isOurs);
      }),
      many,
    );
    expect(ours).toBeGreaterThan(100);
  });

  it('makes one id of one notification, whatever its form', () => {
    const rules: CallbackRules = { mapping: defaultCallback, close: defaultClose, owners: {} };
    const resource = { id: '/x', properties: { title: 'x', status: 'New' } };
    const id = (notificationId: string) =>
      inWorkflow(
        { id: notificationId, eventType: 203, annotation: { message: 'x' }, user: { username: 'm' } },
        resource,
        rules,
      ).comment?.id;
    const ids = ['1', '2', '2518981069381242800_2ab1b5e0', '2518981069381242800_2ab1b5e1', 'Ünïcode'].map(id);
    expect(new Set(ids).size).toBe(5);
    expect(ids.every((made) => isGuid(String(made)))).toBe(true);
    expect(id('1')).toBe(id('1'));
  });

  it('ignores the empty body of the designer', () => {
    const { evaluate } = runLocals([], { triggerBody: undefined });
    expect([evaluate(read.isOurs), evaluate(read.event)]).toEqual([false, '']);
  });

  it('cuts a long note to what Sentinel takes, escaped', () => {
    const rules: CallbackRules = { mapping: defaultCallback, close: defaultClose, owners: {} };
    const resource = { id: '/x', properties: { title: 'x', status: 'New' } };
    for (const message of ['<'.repeat(20_000), '🚨'.repeat(20_000), 'x'.repeat(40_000)]) {
      const body = { id: '1', eventType: 203, annotation: { message }, user: { username: 'm' } };
      const relay = inTypeScript(body, resource, rules).comment?.message ?? '';
      expect(inWorkflow(body, resource, rules).comment?.message).toBe(relay);
      expect(relay.length).toBeLessThanOrEqual(30_000);
      expect(relay.isWellFormed()).toBe(true);
    }
  });
});
