import { workflowFromTemplate } from '../../arm/expressions/workflow-resource.ts';
import type { DeployedWorkflow, WorkflowClient } from '../../azure/workflows.ts';
import { isJsonObject, type Json, type JsonObject, member, memberAt, textOf } from '../../domain/json.ts';
import type { Playbook } from '../../workflow/playbook.ts';
import { type DeploymentFacts, playbookDeployment } from '../deployments.ts';
import type { Live } from '../live.ts';
import { type Change, compareDefinitions } from './compare.ts';

/** A choice that somebody made in the designer's parameter pane. */
interface ChangedChoice {
  readonly parameter: string;
  readonly generated: Json | undefined;
  readonly deployed: Json;
}

/** How a deployed playbook differs from what would be generated now. */
export interface Drift {
  readonly playbook: Playbook;
  /** Undefined: not deployed. */
  readonly deployed: DeployedWorkflow | undefined;
  readonly choices: readonly ChangedChoice[];
  /** Everything but choices: triggers, actions, parameters that came or went. */
  readonly edits: readonly Change[];
}

/** Compares deployed playbooks with generated ones. Secrets are not compared: Azure does not tell them. */
export async function findDrift(
  live: Live,
  playbooks: readonly Playbook[],
  workflows: WorkflowClient,
): Promise<readonly Drift[]> {
  return Promise.all(
    playbooks.map(async (playbook) => {
      const deployed = await workflows.find(playbook.name);
      if (!deployed) return { playbook, deployed, choices: [], edits: [] };
      return { playbook, deployed, ...differences(generatedDefinition(playbook, live, deployed), deployed) };
    }),
  );
}

/** Stands in for secrets, whose values make no difference to the definition. */
const anySecret = 'not-compared';

function generatedDefinition(playbook: Playbook, live: Live, { location }: DeployedWorkflow): JsonObject {
  const facts: DeploymentFacts = {
    live,
    secrets: { teamSecret: anySecret, apiKey: undefined, relayKey: anySecret },
    securityInsightsObjectId: '',
    deployedNames: [],
  };
  const { template, parameters } = playbookDeployment(playbook, facts);
  const deployment = { ...live.group, tenantId: live.workspace.tenantId, location };
  return workflowFromTemplate(template, { parameters, deployment }).definition;
}

function differences(generated: JsonObject, deployed: DeployedWorkflow): Pick<Drift, 'choices' | 'edits'> {
  const changes = compareDefinitions(generated, withValues(deployed));
  const isChoice = ({ path, deployed: value }: Change) =>
    path[0] === 'parameters' && path[2] === 'defaultValue' && value !== undefined;
  const names = [...new Set(changes.filter(isChoice).map(({ path }) => path[1] ?? ''))];
  const valueIn = (definition: unknown, name: string) =>
    memberAt(definition, 'parameters', name, 'defaultValue') as Json | undefined;
  return {
    choices: names.map((parameter) => ({
      parameter,
      generated: valueIn(generated, parameter),
      deployed: valueIn(withValues(deployed), parameter) ?? null,
    })),
    edits: changes.filter((change) => !isChoice(change)),
  };
}

/** A value that was given to the workflow hides the default of its parameter. Secrets and connections are not compared. */
function withValues({ definition, parameters }: DeployedWorkflow): JsonObject {
  const declared = definition['parameters'];
  if (!isJsonObject(declared)) return definition;
  const merged = Object.entries(declared).map(([name, declaration]) => {
    const isHidden = name === '$connections' || /^secure/i.test(textOf(member(declaration, 'type')) ?? '');
    const value = isHidden ? undefined : parameters[name];
    return [
      name,
      value === undefined || !isJsonObject(declaration) ? declaration : { ...declaration, defaultValue: value },
    ];
  });
  return { ...definition, parameters: Object.fromEntries(merged) as JsonObject };
}
