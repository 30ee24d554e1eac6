/** Azure's built-in roles that the setup assigns (GUIDs are the same in every tenant; built-in roles reference). */
export const builtInRoles = {
  sentinelContributor: 'ab8e14d6-4a74-4a29-9ba8-549422addade',
  sentinelResponder: '3e150937-b8fe-4cfb-8069-0eaf05ecd056',
  sentinelAutomationContributor: 'f4c81013-99ee-4d62-a7ee-b3f1f648599a',
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893',
} as const;
