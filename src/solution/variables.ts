import { find, type JsonMap, type JsonTree } from './json-tree.ts';

/** The variables of a template while it is being written: a name that is taken (whatever its casing) keeps its first value. */
export class Variables {
  readonly #values = new Map<string, JsonTree>();
  readonly #taken = new Set<string>();
  readonly #lost = new Set<string>();
  readonly #hasPlace: boolean;

  /** @param hasPlace false for a template without the member `variables`: the official tool then drops whatever it adds */
  constructor(hasPlace = true) {
    this.#hasPlace = hasPlace;
  }

  /** Names that were added in vain, because there is no place for them. */
  get lost(): readonly string[] {
    return [...this.#lost];
  }

  /** @returns whether the name was free */
  add(name: string, value: JsonTree): boolean {
    if (!this.#hasPlace) {
      this.#lost.add(name);
      return true;
    }
    const key = name.toLowerCase();
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    this.#values.set(name, value);
    return true;
  }

  /** Adds `name` and its twin `_name`, which refers to it: the pair that the ARM template tests accept as an id. */
  addPair(name: string, value: JsonTree): void {
    this.add(name, value);
    this.add(`_${name}`, `[variables('${name}')]`);
  }

  get(name: string): JsonTree | undefined {
    return find(this.#values, name);
  }

  /** The name of the first variable that holds `value`, compared as PowerShell's `-eq` does. */
  nameOf(value: string): string | undefined {
    for (const [name, held] of this.#values) {
      if (typeof held === 'string' && held.toLowerCase() === value.toLowerCase()) return name;
    }
    return undefined;
  }

  toMap(): JsonMap {
    return new Map(this.#values);
  }
}

/** The variable that holds the id of the workspace, and the expression it holds; added with the first content that needs it. */
export const WORKSPACE_RESOURCE_ID = 'workspaceResourceId';
export const WORKSPACE_ID = "[resourceId('microsoft.OperationalInsights/Workspaces', parameters('workspace'))]";

/** What is in the package for a value that the ARM template tests call blank. */
const STAND_INS = {
  blanks: "[replace('b', 'b', '')]",
  TemplateEmptyArray: "[json('[]')]",
  TemplateEmptyObject: "[json('{}')]",
  TemplateNullVariable: 'null',
} as const;

export type StandIn = keyof typeof STAND_INS;

/** The reference to a stand-in; the outer variable is added on first use. */
export function standIn(outer: Variables, name: StandIn): string {
  outer.add(name, STAND_INS[name]);
  return referenceTo(name);
}

export function referenceTo(name: string): string {
  return `[variables('${name}')]`;
}
