import { UserError } from '../domain/errors.ts';
import type { Criterion, Draft } from './draft.ts';
import { withInlineLocation } from './escape.ts';
import { find, isMap, type JsonMap, type JsonTree, sameName, textAt, withMemberAt } from './json-tree.ts';
import { referenceTo, type Variables } from './variables.ts';

/** The template that a connection is in. */
export interface ConnectionPlace {
  readonly file: string;
  readonly parameters: JsonTree | undefined;
  /** Inner variables, to which the api id moves. */
  readonly inner: Variables;
  /** 1-based, among all resources of the template. */
  readonly position: number;
}

/** Moves the api id of a `Microsoft.Web/connections` resource to a pair of inner variables, where the template tests accept it. */
export function moveApiId(resource: JsonMap, place: ConnectionPlace, draft: Draft): JsonMap {
  const id = textAt(resource, 'properties', 'api', 'id');
  if (!id) return resource;
  const value = apiIdValue(withInlineLocation(id), place);
  return withMemberAt(resource, ['properties', 'api', 'id'], referenceTo(`_${apiIdVariable(value, place, draft)}`));
}

function apiIdVariable(value: string, { inner, position }: ConnectionPlace, draft: Draft): string {
  const outerTwin = draft.variables.nameOf(value);
  if (outerTwin !== undefined) return outerTwin;
  inner.addPair(`connection-${position}`, value);
  return `connection-${position}`;
}

/** An api id that is a variable counts as that variable's value, through one further variable. */
function apiIdValue(id: string, place: ConnectionPlace): string {
  if (!id.startsWith('[variables')) return id;
  const value = variableText(id, place);
  return withInlineLocation(value.startsWith('[variables') ? variableText(value, place) : value);
}

function variableText(reference: string, { file, inner }: ConnectionPlace): string {
  const name = reference.split("'")[1] ?? '';
  const value = inner.get(name);
  if (typeof value === 'string') return value;
  throw new UserError(
    'solution.unknown-variable',
    `a connection's api id names the variable "${name}", which is not a string variable`,
    {
      where: { file, path: `variables.${name}` },
      remedy: 'Define the variable, or write the api id into the connection.',
    },
  );
}

/**
 * The dependency of a playbook on a custom connector of the same solution. It is recognised by a literal api id whose last
 * argument is the parameter that holds the connector's name; its default must be the one in the connector's own template.
 */
export function connectorDependencies(resource: JsonMap, place: ConnectionPlace, draft: Draft): readonly Criterion[] {
  const id = textAt(resource, 'properties', 'api', 'id');
  if (!id?.includes('/providers/Microsoft.Web/customApis/')) return [];
  const wanted = (id.split(',').at(-1) ?? '')
    .trim()
    .replaceAll("parameters('", '')
    .replace(/['\])]/g, '');
  if (!isMap(place.parameters)) return [];
  const parameter = [...place.parameters].find(([name]) => sameName(name, wanted));
  return parameter ? [dependencyOn(parameter[0], parameter[1], place, draft)] : [];
}

function dependencyOn(parameter: string, declared: JsonTree, place: ConnectionPlace, draft: Draft): Criterion {
  const connector = find(declared, 'defaultValue');
  if (typeof connector !== 'string') {
    throw new UserError(
      'solution.connector-name',
      `the parameter "${parameter}" names a custom connector but has no default`,
      {
        where: { file: place.file, path: `parameters.${parameter}` },
        remedy: "Give it the default that the connector's own template has; the dependency is found by it.",
      },
    );
  }
  const registered = draft.connectors.get(connector.toLowerCase());
  if (!registered) {
    draft.warnings.push({
      file: place.file,
      message: `no connector named "${connector}" is listed before this playbook; its dependency is written with null, as the official tool does`,
    });
  }
  return {
    kind: 'LogicAppsCustomConnector',
    contentId: registered?.contentId ?? null,
    version: registered?.version ?? null,
  };
}
