import type { Files } from '../contoso/files.ts';

/** A change of the good folder. */
export type Change = (files: Files) => void;

/** A rule with a folder that breaks it. Without a change the good folder is the good case; `passes` is a near miss. */
export interface Case {
  readonly rule: string;
  /** What is wrong, as the end of the sentence "finds …". */
  readonly finds: string;
  readonly bad: Change;
  /** Where the finding must be: the file, and the pointer in it. */
  readonly file: string;
  readonly at: string;
  /** A change that looks alike and is fine. */
  readonly passes?: Change;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function edit(files: Files, path: string, change: (document: Record<string, unknown>) => void): void {
  const document = JSON.parse(textOf(files, path)) as Record<string, unknown>;
  change(document);
  files.set(path, `${JSON.stringify(document, null, path.endsWith('swagger.json') ? 4 : 2)}\n`);
}

function textOf(files: Files, path: string): string {
  const content = files.get(path);
  if (typeof content !== 'string') throw new Error(`${path} is not a string of the folder`);
  return content;
}

function parentOf(document: Record<string, unknown>, pointer: string): [parent: Record<string, unknown>, last: string] {
  const path = steps(pointer);
  const last = path.pop() ?? '';
  const parent = path.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    document,
  );
  if (typeof parent !== 'object' || parent === null) throw new Error(`nothing at ${pointer}`);
  return [parent as Record<string, unknown>, last];
}

/** Sets the value at a pointer of a JSON file; what holds it must be there. */
export function set(path: string, pointer: string, value: Json): Change {
  return (files) =>
    edit(files, path, (document) => {
      const [parent, last] = parentOf(document, pointer);
      parent[last] = value;
    });
}

/** Removes the member or item at a pointer. */
export function remove(path: string, pointer: string): Change {
  return (files) =>
    edit(files, path, (document) => {
      const [parent, last] = parentOf(document, pointer);
      if (!(last in parent)) throw new Error(`nothing at ${pointer}`);
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete parent[last];
    });
}

/** Replaces a piece of text. */
export function replace(path: string, from: string, to: string): Change {
  return (files) => {
    const text = textOf(files, path);
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    files.set(
      path,
      text.replace(from, () => to),
    );
  };
}

export function add(path: string, content: string | Uint8Array): Change {
  return (files) => void files.set(path, content);
}

export function copy(from: string, to: string): Change {
  return (files) => void files.set(to, textOf(files, from));
}

export function drop(path: string): Change {
  return (files) => void files.delete(path);
}

export function all(...changes: readonly Change[]): Change {
  return (files) => {
    for (const change of changes) change(files);
  };
}
