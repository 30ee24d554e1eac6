import { UserError } from '../domain/errors.ts';
import { find, isList, isMap, type JsonMap, type JsonTree, mapOf, textAt } from './json-tree.ts';

/** SolutionMetadata.json, read. */
export interface SolutionMetadata {
  /** `<publisherId>.<offerId>`: the id of the solution, which never changes. */
  readonly solutionId: string;
  /** As written, for the metadata of each item. */
  readonly support: JsonMap;
  /** The name that Content Hub shows as the publisher. */
  readonly publisherDisplayName: string;
  readonly firstPublishDate: JsonTree | undefined;
  readonly lastPublishDate: JsonTree | undefined;
  readonly providers: JsonTree | undefined;
  readonly categories: JsonMap;
}

/** @throws UserError where a member is missing that a package cannot do without */
export function readSolutionMetadata(tree: JsonTree, file: string): SolutionMetadata {
  const support = find(tree, 'support');
  const tier = textAt(support, 'tier');
  const name = textAt(support, 'name');
  if (!isMap(support) || !tier || !name) {
    throw missing('support', file, 'an object with name, email, tier (Microsoft, Partner or Community) and link');
  }
  return {
    solutionId: `${id(tree, 'publisherId', file)}.${id(tree, 'offerId', file)}`,
    support,
    publisherDisplayName: tier.toLowerCase() === 'microsoft' ? `Microsoft Sentinel, ${name}` : name,
    firstPublishDate: filled(find(tree, 'firstPublishDate')),
    lastPublishDate: filled(find(tree, 'lastPublishDate')),
    providers: filled(find(tree, 'providers')),
    categories: mapOf({
      domains: filled(find(find(tree, 'categories'), 'domains')),
      verticals: filled(find(find(tree, 'categories'), 'verticals')),
    }),
  };
}

/** The support object of the package: four members in their fixed order, empty ones left out. */
export function orderedSupport(support: JsonMap): JsonMap {
  const names = ['name', 'email', 'tier', 'link'];
  return mapOf(Object.fromEntries(names.map((name) => [name, filled(find(support, name))])));
}

function filled(value: JsonTree | undefined): JsonTree | undefined {
  if (value === null || value === '') return undefined;
  return isList(value) && value.every((item) => item === '') ? undefined : value;
}

function id(tree: JsonTree, member: string, file: string): string {
  const text = textAt(tree, member);
  if (text) return text;
  throw missing(member, file, 'the id that Partner Center shows for the offer');
}

function missing(member: string, file: string, what: string): UserError {
  return new UserError('solution.metadata', `the solution's metadata has no complete "${member}"`, {
    where: { file, path: member },
    remedy: `Add "${member}": ${what}.`,
  });
}
