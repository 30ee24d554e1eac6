/** Where Content Hub's solutions are published: owner, name and branch. */
export const publishedRepository = 'Azure/Azure-Sentinel/master';

/** The address of a repository's files as they are, without the pages around them. */
export function rawAddress(repository: string): string {
  return `https://raw.githubusercontent.com/${repository}`;
}
