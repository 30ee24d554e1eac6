import type { Json } from '../domain/json.ts';
import { objectAt, textAt } from './json-walk.ts';
import type { At } from './rule.ts';
import { hasSource, isPackage, levelsOf, type Resource, resourcesOf, type TemplateLevel } from './template-level.ts';
import type { Tree } from './tree.ts';

/** A template that deploys workflows: a playbook's source, or its copy in a package. */
export interface PlaybookSubject {
  readonly level: TemplateLevel;
  /** False inside a package, where the packaging tool generated parts of the template. */
  readonly isSource: boolean;
  readonly workflows: readonly PlaybookPart[];
  readonly connections: readonly PlaybookPart[];
  /** Defaults of the connector-name parameters of all custom connectors in the tree. */
  readonly connectorDefaults: readonly string[];
}

/** A resource, with its pointer relative to the template. */
export interface PlaybookPart {
  readonly pointer: string;
  readonly raw: Resource['raw'];
}

/** Every playbook of a tree. */
export function playbooksOf(tree: Tree): At<PlaybookSubject>[] {
  const levels = levelsOf(tree);
  const connectorDefaults = levels.flatMap((level) =>
    resourcesOf(level, 'Microsoft.Web/customApis').flatMap(({ raw }) => {
      const name = level.evaluate(raw['name']);
      return typeof name === 'string' ? [name] : [];
    }),
  );
  return levels
    .filter((level) => !isPackage(level) && resourcesOf(level, 'Microsoft.Logic/workflows').length > 0)
    .filter((level) => !hasSource(tree, level))
    .map((level) => ({
      file: level.file,
      at: level.at,
      subject: {
        level,
        isSource: level.role === 'outer',
        workflows: partsIn(level, 'Microsoft.Logic/workflows'),
        connections: partsIn(level, 'Microsoft.Web/connections'),
        connectorDefaults: [...new Set(connectorDefaults)],
      },
    }));
}

/** Sources of playbooks and custom connectors: the templates below a folder Playbooks. */
export function galleryTemplatesOf(tree: Tree): At<TemplateLevel>[] {
  return levelsOf(tree)
    .filter((level) => level.role === 'outer' && !isPackage(level))
    .filter((level) =>
      ['Microsoft.Logic/workflows', 'Microsoft.Web/customApis'].some((type) => resourcesOf(level, type).length > 0),
    )
    .map((level) => ({ file: level.file, at: level.at, subject: level }));
}

function partsIn(level: TemplateLevel, type: string): PlaybookPart[] {
  return resourcesOf(level, type).map(({ at, raw }) => ({ pointer: at.slice(level.at.length), raw }));
}

/** The evaluated API id of a connection: `/subscriptions/…/managedApis/azuresentinel`. */
export function apiIdOf({ raw }: PlaybookPart, level: TemplateLevel): string {
  const id: Json | undefined = level.evaluate(objectAt(raw, 'properties', 'api')['id']);
  return typeof id === 'string' ? id : '';
}

export function isSentinelApi(id: string): boolean {
  return /\/managedApis\/azuresentinel$/i.test(id);
}

/** The type names of a workflow's triggers, in lower case. */
export function triggerTypesOf({ raw }: PlaybookPart): string[] {
  return Object.values(objectAt(raw, 'properties', 'definition', 'triggers')).map((trigger) =>
    (textAt(trigger, 'type') ?? '').toLowerCase(),
  );
}
