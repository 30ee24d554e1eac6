/** `$schema` of templates for resource groups: Microsoft's packaging tool and its template toolkit know this version. */
export const DEPLOYMENT_TEMPLATE_SCHEMA =
  'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

/** `$schema` of the wizard of a solution. */
export const CREATE_UI_SCHEMA =
  'https://schema.management.azure.com/schemas/0.1.2-preview/CreateUIDefinition.MultiVm.json#';
