import type { JsonObject } from '../../src/domain/json.ts';

/** A workflow with nothing but a trigger of Microsoft Sentinel, as a customer's own playbook has it. */
export function sentinelWorkflow(trigger: string, path: string): JsonObject {
  return {
    $schema:
      'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
    contentVersion: '1.0.0.0',
    parameters: { $connections: { type: 'Object', defaultValue: {} } },
    triggers: {
      [trigger]: {
        type: 'ApiConnectionWebhook',
        inputs: {
          host: { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } },
          body: { callback_url: '@{listCallbackUrl()}' },
          path,
        },
      },
    },
    actions: {},
  };
}
