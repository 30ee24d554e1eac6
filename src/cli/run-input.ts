import { templateParameterNames } from '../arm-expressions/find-workflows.ts';
import { unwrapValues } from '../arm-expressions/parameter.ts';
import { readTemplateText, type TemplateText } from '../arm-expressions/template-text.ts';
import { isArmTemplate, workflowFromTemplate } from '../arm-expressions/workflow-resource.ts';
import { UserError } from '../domain/errors.ts';
import { needsConnections, offlineConnections } from '../engine/parameters.ts';
import type { WorkflowInfo } from '../engine/run-state.ts';
import { isJsonObject, type Json, type JsonObject, type WorkflowDefinition } from '../wdl/types.ts';
import type { Io } from './io.ts';
import { readText } from './read-text.ts';
import { checkParameterNames, type GivenParameters } from './run-parameters.ts';

/** A workflow and everything needed to run it. */
export interface LoadedWorkflow {
  readonly definition: WorkflowDefinition;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly info: Partial<WorkflowInfo>;
  /** Template parameters without a value; each is replaced by its own name. */
  readonly standIns: readonly string[];
  /** Adds file and line to an error whose path is a JSON pointer into the definition. */
  locate(error: UserError): UserError;
}

/** Reads a JSON file as deployments do, accepting comments and a byte order mark. `remedy` says what the file should contain. */
export function readJson(io: Io, file: string, remedy?: string): TemplateText {
  return readTemplateText(readText(io, file).text, file, remedy);
}

/**
 * Reads a workflow in any form it is stored in: the definition alone, the code view (`definition` beside `parameters`), the
 * resource (`properties`), or an ARM template. `given` are parameter values for the template, or for the workflow if there is no
 * template.
 */
export function loadWorkflow(
  io: Io,
  file: string,
  given: GivenParameters,
  workflow: string | undefined,
): LoadedWorkflow {
  const text = readJson(io, file);
  const located = (pointer: string) => (error: UserError) => withPlace(error, file, text, pointer);
  if (isArmTemplate(text.json)) {
    checkParameterNames(given, templateParameterNames(text.json));
    try {
      const found = workflowFromTemplate(text.json, { parameters: given.values, ...(workflow && { workflow }) });
      const { name, id, location, tags, standIns } = found;
      const info = { name, id, location, tags };
      const locate = (error: UserError) => located(found.pointer)(withStandIns(error, standIns));
      return { ...ready(found.definition, found.parameters, info, locate), standIns };
    } catch (error) {
      throw error instanceof UserError ? located('')(error) : error;
    }
  }
  const { definition, parameters, pointer } = definitionIn(text.json, file);
  checkParameterNames(given, parameterNames(definition));
  return ready(definition, { ...unwrapValues(parameters), ...given.values }, {}, located(pointer));
}

function ready(
  definition: unknown,
  parameters: Readonly<Record<string, Json>>,
  info: Partial<WorkflowInfo>,
  locate: LoadedWorkflow['locate'],
): LoadedWorkflow {
  const workflow = definition as WorkflowDefinition;
  const missing = needsConnections(workflow, parameters);
  return {
    definition: workflow,
    parameters: missing ? { ...parameters, $connections: offlineConnections(workflow) } : parameters,
    info,
    standIns: [],
    locate,
  };
}

function definitionIn(json: Json, file: string): { definition: JsonObject; parameters: Json; pointer: string } {
  for (const path of [[], ['definition'], ['properties', 'definition']]) {
    const definition = at(json, path);
    if (definition === undefined || !isJsonObject(definition)) continue;
    if (definition['actions'] === undefined && definition['triggers'] === undefined) continue;
    const parameters = path.length === 0 ? {} : (at(json, [...path.slice(0, -1), 'parameters']) ?? {});
    return { definition, parameters, pointer: path.map((step) => `/${step}`).join('') };
  }
  throw new UserError('workflow.none', 'This is neither a workflow definition nor an ARM template.', {
    where: { file },
    remedy: 'A definition has "triggers" and "actions"; a template has "resources".',
  });
}

function parameterNames(definition: JsonObject): readonly string[] {
  const declared = definition['parameters'];
  return declared !== undefined && isJsonObject(declared) ? Object.keys(declared) : [];
}

function at(json: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, step) => (value !== undefined && isJsonObject(value) ? value[step] : undefined),
    json,
  );
}

function withPlace(error: UserError, file: string, text: TemplateText, pointer: string): UserError {
  const { path } = error.where;
  if (error.where.file !== undefined || path === undefined) return error;
  return new UserError(error.code, error.message, {
    where: { file, line: text.lineOf(`${pointer}${path}`), path },
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    cause: error,
  });
}

/** A stand-in may be the reason why a workflow is rejected, so the error lists them. */
function withStandIns(error: UserError, standIns: readonly string[]): UserError {
  if (standIns.length === 0) return error;
  const { remedy } = error;
  return new UserError(error.code, error.message, {
    where: error.where,
    remedy: `${remedy === undefined ? '' : `${remedy}\n`}${standInsMessage(standIns)}`,
    cause: error,
  });
}

/** Message that lists parameters without a value and says how to give one. */
export function standInsMessage(standIns: readonly string[]): string {
  return `Without a value, so that they read as their own names: ${standIns.join(', ')}. Give values with --parameters.`;
}
