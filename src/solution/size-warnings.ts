import type { PackageWarning } from './draft.ts';
import { findAt, isList, isMap, type JsonMap, type JsonTree, listAt, textAt, toPlain } from './json-tree.ts';
import { overTheLimits } from './limits.ts';

/** What of a package is too much for Azure, or for the official tool. */
export function sizeWarnings(mainTemplate: JsonMap): PackageWarning[] {
  return [...depthWarnings(mainTemplate), ...limitWarnings(mainTemplate)];
}

/** Where the official tool's writer stops and puts a string in place of the rest. */
const DEEPEST = 50;

function depthWarnings(template: JsonMap): PackageWarning[] {
  if (depthOf(template) <= DEEPEST) return [];
  return [
    {
      file: 'mainTemplate.json',
      message: `nested deeper than ${DEEPEST} levels; the official tool would cut that off, so split the workflow`,
    },
  ];
}

function depthOf(tree: JsonTree): number {
  const children = isMap(tree) ? [...tree.values()] : isList(tree) ? tree : undefined;
  return children ? 1 + Math.max(0, ...children.map(depthOf)) : 0;
}

/** Azure refuses what is over them, whichever tool packaged it: the whole, or a template inside when it is deployed. */
function limitWarnings(template: JsonMap): PackageWarning[] {
  const inner = listAt(template, 'resources').flatMap((resource) => {
    const content = findAt(resource, 'properties', 'mainTemplate');
    return isMap(content) ? [[textAt(resource, 'properties', 'displayName') ?? '', content] as const] : [];
  });
  return [['mainTemplate.json', template] as const, ...inner].flatMap(([file, part]) =>
    overTheLimits(toPlain(part) as object).map(({ message, isRefused }) => ({
      file,
      message: `${message}; ${isRefused ? 'Azure refuses it' : 'older deployments refuse it'}`,
    })),
  );
}
