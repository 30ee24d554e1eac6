const sentinel = 'https://github.com/Azure/Azure-Sentinel';
const logicApps = 'https://learn.microsoft.com/azure/logic-apps';

/** Where the requirements are written. */
export const sources = {
  armTtk: 'https://github.com/Azure/arm-ttk/tree/master/arm-ttk/testcases/deploymentTemplate',
  createUiTests: 'https://github.com/Azure/arm-ttk/tree/master/arm-ttk/testcases/CreateUIDefinition',
  armSyntax: 'https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax',
  armLimits: 'https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits',
  solutionValidator: `${sentinel}/tree/master/.script/SolutionValidations`,
  playbookValidator: `${sentinel}/tree/master/.script/utils/playbookCheckers`,
  logoValidator: `${sentinel}/tree/master/.script/utils/LogoChecker`,
  workbookValidator: `${sentinel}/tree/master/.script/utils/workbookCheckers`,
  detectionValidator: `${sentinel}/tree/master/.script/tests/detectionTemplateSchemaValidation`,
  fieldTypes: `${sentinel}/tree/master/.script/package-automation`,
  validations: `${sentinel}/tree/master/.script`,
  packagingTool: `${sentinel}/tree/master/Tools/Create-Azure-Sentinel-Solution/V3`,
  reviewGuide: `${sentinel}/tree/master/.github/instructions`,
  playbookGuide: `${sentinel}/blob/master/Playbooks/ReadMe.md`,
  solutionGuide: `${sentinel}/blob/master/Solutions/README.md`,
  emptyConnections: `${sentinel}/issues/11565`,
  connectorLink: `${sentinel}/pull/10480`,
  hardCodedIds: `${sentinel}/pull/3454`,
  limits: `${logicApps}/logic-apps-limits-and-config`,
  wdl: `${logicApps}/logic-apps-workflow-definition-language`,
  actionTypes: `${logicApps}/logic-apps-workflow-actions-triggers`,
  functions: `${logicApps}/workflow-definition-language-functions-reference`,
  failures: `${logicApps}/logic-apps-exception-handling`,
  securing: `${logicApps}/logic-apps-securing-a-logic-app`,
  managedIdentity: `${logicApps}/authenticate-with-managed-identity`,
  operationNames: 'https://github.com/Azure/LogicAppsUX/pull/9307',
  sentinelConnector: 'https://learn.microsoft.com/connectors/azuresentinel/',
  automationRules: 'https://learn.microsoft.com/azure/templates/microsoft.securityinsights/automationrules',
  playbookTriggers: 'https://learn.microsoft.com/azure/sentinel/automation/playbook-triggers-actions',
  automationHealth: 'https://learn.microsoft.com/azure/sentinel/monitor-automation-health',
  openApi: 'https://spec.openapis.org/oas/v2.0.html',
  customConnectors: 'https://learn.microsoft.com/connectors/custom-connectors/',
  json: 'https://www.rfc-editor.org/rfc/rfc8259',
  ours: 'docs/verify.md',
} as const;

/** Addresses of documents that rules name by their titles. */
export const sourceUrls: readonly (readonly [title: string, url: string])[] = [
  [
    'Microsoft Learn: custom connectors, "Follow coding standards"',
    'https://learn.microsoft.com/connectors/custom-connectors/coding-standards',
  ],
  [
    'Microsoft Learn: custom connectors, "Learn best practices for string fields"',
    'https://learn.microsoft.com/connectors/custom-connectors/connector-string-fields',
  ],
  [
    'Microsoft Learn: custom connectors, "OpenAPI extensions"',
    'https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions',
  ],
  [
    'Microsoft Learn: custom connectors, "Use a webhook as a trigger"',
    'https://learn.microsoft.com/connectors/custom-connectors/create-webhook-trigger',
  ],
  [
    'Microsoft Learn: custom connectors, "Prepare files for certification"',
    'https://learn.microsoft.com/connectors/custom-connectors/certification-submission',
  ],
  ['OpenAPI Specification 2.0', 'https://spec.openapis.org/oas/v2.0.html'],
  ['Azure Resource Manager', 'https://learn.microsoft.com/azure/templates/microsoft.web/customapis'],
  ['Azure/LogicAppsUX', 'https://github.com/Azure/LogicAppsUX'],
  ['Azure/Azure-Sentinel', 'https://github.com/Azure/Azure-Sentinel'],
];
