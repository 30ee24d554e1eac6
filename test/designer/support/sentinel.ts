import type { Definition, Operation, Schema } from '../../../src/connector/swagger.ts';

/*
 * The managed connector `azuresentinel` as far as the playbooks use it, and the operations that their paths could be taken
 * for. Facts: methods, paths, members and which of them are required are those of Microsoft's generated client
 * `Microsoft.Azure.Workflows.Sdk.Connectors.Azuresentinel`.
 */

const text: Schema = { type: 'string' };
const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
const tags = (name: string): Schema => ({
  type: 'object',
  required: [name],
  properties: { [name]: { type: 'array', items: { type: 'object', properties: { Tag: text } } } },
});

function operation(operationId: string, required: readonly string[], properties: Record<string, Schema>): Operation {
  return {
    operationId,
    parameters: [{ name: 'body', in: 'body', required: true, schema: { type: 'object', required, properties } }],
  };
}

function subscription(operationId: string): Operation {
  const callback: Schema = { type: 'string', 'x-ms-notification-url': true, 'x-ms-visibility': 'internal' };
  return { ...operation(operationId, ['callback_url'], { callback_url: callback }), 'x-ms-trigger': 'single' };
}

const entityType = { name: 'type', in: 'path', required: true, type: 'string' } as const;

export const azuresentinel: Definition = {
  swagger: '2.0',
  paths: {
    '/subscribe': { post: subscription('ASITriggerSubscribe') },
    '/incident-creation': { post: subscription('ASIIncidentTriggerSubscribe') },
    '/entity/{type}': { post: subscription('ASIEntityTriggerSubscribe'), parameters: [entityType] },
    '/Incidents': {
      post: operation('GetIncidentV2', ['incidentArmId'], { incidentArmId: text }),
      put: operation('UpdateIncident', ['incidentArmId'], {
        incidentArmId: text,
        tagsToAdd: tags('TagsToAdd'),
        tagsToRemove: tags('TagsToRemove'),
        ownerAction: oneOf('Assign', 'Unassign'),
        owner: text,
        title: text,
        description: text,
        severity: oneOf('Informational', 'Low', 'Medium', 'High'),
        status: oneOf('New', 'Active', 'Closed'),
        classification: { type: 'object' },
      }),
    },
    '/Incidents/Comment': {
      post: operation('AddIncidentCommentV3', ['incidentArmId', 'message'], { incidentArmId: text, message: text }),
    },
  },
};
