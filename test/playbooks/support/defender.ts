import { type Config, defaultConfig } from '../../../src/config/config.ts';
import type { CallAnswer } from '../../../src/engine/calls.ts';
import type { Json, JsonObject } from '../../../src/wdl/types.ts';

/* Incidents of Microsoft Defender, shaped like the examples of the Graph reference, and a configuration that asks for them. */

/** `subscription().tenantId`, as the deployment of the tests has it. */
const TENANT_ID = '11111111-1111-1111-1111-111111111111';
export const externalIdOf = (id: string) => `graph:${TENANT_ID}:${id}`;

/** Graph is a source, and there is no relay. */
export const withoutRelay: Config = { ...defaultConfig, graph: { ...defaultConfig.graph, enabled: true } };

/** As the list gives it; its alerts come with `$expand=alerts` only. */
export function defenderIncident(id: string, own: Readonly<Record<string, Json | undefined>> = {}): JsonObject {
  const all = {
    id,
    tenantId: TENANT_ID,
    status: 'active',
    incidentWebUrl: `https://security.microsoft.com/incident2/${id}/overview?tid=${TENANT_ID}`,
    redirectIncidentId: null,
    displayName: 'Multi-stage incident on one endpoint',
    createdDateTime: '2026-11-20T08:00:00.1Z',
    lastUpdateDateTime: '2026-11-20T08:03:11.4566667Z',
    assignedTo: null,
    classification: null,
    determination: null,
    severity: 'high',
    customTags: [],
    systemTags: ['Defender Experts'],
    description: null,
    comments: [],
    ...own,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export const defenderAlert = (own: Readonly<Record<string, Json>> = {}): JsonObject => ({
  id: 'dc11111111-1111-1111-1111-111111111111',
  title: 'Suspicious storage access',
  description: 'Files were read from an unusual place.',
  severity: 'high',
  serviceSource: 'microsoftDefenderForCloud',
  productName: 'Microsoft Defender for Cloud',
  ...own,
});

export const listOf = (...value: readonly JsonObject[]): CallAnswer => ({ status: 200, body: { value } });
export const answer = (body: JsonObject): CallAnswer => ({ status: 200, body });
