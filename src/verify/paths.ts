/** The folder of a path, with a slash at the end; '' for a file in the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A path relative to a file, resolved; undefined if it leaves the verified folder. */
export function joinedPath(file: string, path: string): string | undefined {
  const parts = folderOf(file)
    .split('/')
    .filter((part) => part !== '');
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
