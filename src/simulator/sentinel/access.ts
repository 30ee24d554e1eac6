import { pathPattern } from '../http.ts';

/** Azure built-in roles, as far as they concern a workspace with Sentinel. Source: built-in roles reference, Security. */
const roles = {
  'Microsoft Sentinel Reader': {
    actions: ['Microsoft.SecurityInsights/*/read', 'Microsoft.OperationalInsights/workspaces/query/read'],
    notActions: [],
  },
  'Microsoft Sentinel Responder': {
    actions: [
      'Microsoft.SecurityInsights/*/read',
      'Microsoft.SecurityInsights/automationRules/*',
      'Microsoft.SecurityInsights/incidents/*',
      'Microsoft.SecurityInsights/entities/runPlaybook/action',
      'Microsoft.OperationalInsights/workspaces/query/read',
    ],
    notActions: ['Microsoft.SecurityInsights/incidents/delete', 'Microsoft.SecurityInsights/incidents/*/delete'],
  },
  'Microsoft Sentinel Contributor': {
    actions: ['Microsoft.SecurityInsights/*', 'Microsoft.OperationalInsights/workspaces/query/read'],
    notActions: [],
  },
  'Microsoft Sentinel Playbook Operator': {
    actions: ['Microsoft.Logic/workflows/read', 'Microsoft.Logic/workflows/triggers/listCallbackUrl/action'],
    notActions: [],
  },
  Reader: { actions: ['*/read'], notActions: [] },
  'Log Analytics Reader': {
    actions: ['*/read', 'Microsoft.OperationalInsights/workspaces/query/read'],
    notActions: [],
  },
} as const satisfies Record<string, { readonly actions: readonly string[]; readonly notActions: readonly string[] }>;

export type RoleName = keyof typeof roles;

/** Who holds which role on the workspace; Playbook Operator stands for the resource group of the playbooks. */
export class Access {
  readonly assignments: { principalId: string; role: RoleName }[] = [];

  assign(principalId: string, role: RoleName): void {
    this.assignments.push({ principalId: principalId.toLowerCase(), role });
  }

  /** Takes every role from a principal. */
  revoke(principalId: string): void {
    const kept = this.assignments.filter((assignment) => assignment.principalId !== principalId.toLowerCase());
    this.assignments.splice(0, this.assignments.length, ...kept);
  }

  /** Takes one role from a principal. */
  withdraw(principalId: string, role: RoleName): void {
    const at = this.assignments.findIndex(
      (each) => each.principalId === principalId.toLowerCase() && each.role === role,
    );
    if (at >= 0) this.assignments.splice(at, 1);
  }

  /** `action` as in a role definition: `Microsoft.SecurityInsights/incidents/write`. */
  allows(principalId: string, action: string): boolean {
    const fits = (patterns: readonly string[]) => patterns.some((pattern) => pathPattern(pattern).test(action));
    return this.assignments.some(
      ({ principalId: holder, role }) =>
        holder === principalId.toLowerCase() && fits(roles[role].actions) && !fits(roles[role].notActions),
    );
  }
}
