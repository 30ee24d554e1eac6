/** Operators of a condition of an automation rule (Microsoft.SecurityInsights/automationRules, AutomationRulePropertyConditionSupportedOperator). */
export const conditionOperators = [
  'Equals',
  'NotEquals',
  'Contains',
  'NotContains',
  'StartsWith',
  'NotStartsWith',
  'EndsWith',
  'NotEndsWith',
] as const;
export type ConditionOperator = (typeof conditionOperators)[number];
