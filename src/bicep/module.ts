import { isJsonObject, type Json, type JsonObject, listOf, member, objectOf, textOf } from '../domain/json.ts';
import type { Names } from './expression.ts';
import { type Address, addressOf, addressOfId, identifiers, isSame, newSymbol, parentOf } from './symbols.ts';
import { textLiteral } from './text.ts';
import { bicepValue, memberLines } from './value.ts';

/**
 * A template for a resource group as a Bicep module, by the same names: path to text. Nested templates become modules of their own
 * beside it. Written by us and not by `bicep decompile`, which cannot express what the templates need (scopes and dependencies of
 * resources that extend others), and whose output changes with its version.
 * @throws Error for what no template of ours has; test/bicep looks at all of them, with Microsoft's compiler where it is
 */
export function bicepModule(template: JsonObject, path: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  writeModule(template, path, files);
  return files;
}

function writeModule(template: JsonObject, path: string, files: Map<string, string>): void {
  const module = new Module(template, path, files);
  files.set(path, module.text());
}

const types: Readonly<Record<string, string>> = { securestring: 'string', secureobject: 'object' };
const decorators = ['minValue', 'maxValue', 'minLength', 'maxLength'] as const;

/**
 * Types that templates extend without deploying them, with a version that declares them: nothing is asked of it.
 */
const EXISTING: Readonly<Record<string, string>> = {
  'Microsoft.OperationalInsights/workspaces': '2025-02-01',
  'Microsoft.Storage/storageAccounts': '2023-05-01',
  'Microsoft.KeyVault/vaults': '2023-07-01',
  'Microsoft.Insights/components': '2020-02-02',
};

interface Declared {
  readonly resource: JsonObject;
  readonly address: Address;
  readonly symbol: string;
  readonly copyName: string | undefined;
}

class Module {
  readonly #template: JsonObject;
  readonly #path: string;
  readonly #files: Map<string, string>;
  readonly #names: Names;
  readonly #variables: JsonObject;
  readonly #declared: readonly Declared[];
  readonly #existing = new Map<string, string>();
  readonly #taken: Set<string>;

  constructor(template: JsonObject, path: string, files: Map<string, string>) {
    const { parameters, variables, taken } = identifiers(template);
    this.#template = template;
    this.#path = path;
    this.#files = files;
    this.#names = { parameters, variables };
    this.#variables = objectOf(template['variables']);
    this.#taken = taken;
    this.#declared = listOf(template['resources'])
      .filter(isJsonObject)
      .map((resource) => {
        const address = addressOf(resource, this.#variables);
        const copyName = textOf(member(resource['copy'], 'name'));
        return { resource, address, symbol: newSymbol(address, taken), copyName };
      });
  }

  text(): string {
    const resources = this.#declared.map((each) => this.#resource(each));
    const blocks = [
      ...Object.entries(objectOf(this.#template['metadata'])).map(
        ([name, value]) => `metadata ${name} = ${bicepValue(value, this.#names)}`,
      ),
      ...Object.entries(objectOf(this.#template['parameters'])).map(([name, value]) =>
        this.#parameter(name, objectOf(value)),
      ),
      ...Object.entries(this.#variables).map(
        ([name, value]) => `var ${this.#names.variables.get(name)} = ${bicepValue(value, this.#names)}`,
      ),
      ...this.#existing.values(),
      ...resources,
      ...Object.entries(objectOf(this.#template['outputs'])).map(([name, value]) =>
        this.#output(name, objectOf(value)),
      ),
    ];
    return `${blocks.join('\n\n')}\n`;
  }

  #parameter(name: string, declaration: JsonObject): string {
    const { metadata, allowedValues, defaultValue } = declaration;
    const type = (textOf(declaration['type']) ?? '').toLowerCase();
    const { description, ...others } = objectOf(metadata);
    const value = (one: Json) => bicepValue(one, this.#names);
    return [
      ...(description === undefined ? [] : [`@description(${value(description)})`]),
      ...(Object.keys(others).length === 0 ? [] : [`@metadata(${value(others)})`]),
      ...(type in types ? ['@secure()'] : []),
      ...(allowedValues === undefined ? [] : [`@allowed(${value(allowedValues)})`]),
      ...decorators.flatMap((key) => (declaration[key] === undefined ? [] : [`@${key}(${declaration[key]})`])),
      `param ${name} ${types[type] ?? type}${defaultValue === undefined ? '' : ` = ${value(defaultValue)}`}`,
    ].join('\n');
  }

  #output(name: string, { type, value = null }: JsonObject): string {
    const lower = (textOf(type) ?? '').toLowerCase();
    const secure = lower in types ? '@secure()\n' : '';
    return `${secure}output ${name} ${types[lower] ?? lower} = ${bicepValue(value, this.#names)}`;
  }

  #resource(declared: Declared): string {
    const { resource, symbol } = declared;
    const { condition, copy } = resource;
    const names = copy === undefined ? this.#names : { ...this.#names, index: 'i' };
    const head = isNested(resource)
      ? `module ${symbol} ${textLiteral(`./${this.#nested(declared).split('/').at(-1)}`)}`
      : `resource ${symbol} ${textLiteral(`${resource['type']}@${resource['apiVersion']}`)}`;
    const indent = copy === undefined ? '' : '  ';
    const lines = isNested(resource)
      ? this.#moduleLines(resource, names, indent)
      : this.#resourceLines(resource, names, indent);
    const wanted = condition === undefined ? '' : `if (${bicepValue(condition, names)}) `;
    const body = `${wanted}{\n${[...lines, ...this.#dependencies(resource, indent)].map((line) => `${line}\n`).join('')}${indent}}`;
    if (copy === undefined) return `${head} = ${body}`;
    const count = bicepValue(jsonAt(copy, 'count'), this.#names);
    return `${head} = [\n  for i in range(0, ${count}): ${body}\n]`;
  }

  #resourceLines(resource: JsonObject, names: Names, indent: string): readonly string[] {
    const {
      type: _,
      apiVersion: __,
      condition: ___,
      copy: ____,
      dependsOn: _____,
      scope,
      comments: ______,
      ...members
    } = resource;
    const [name = '', ...others] = memberLines(members, names, `${indent}  `);
    const parent = this.#parent(resource);
    return [
      ...(parent ? [`${indent}  parent: ${parent.symbol}`, `${indent}  name: ${textLiteral(parent.own)}`] : [name]),
      ...(scope === undefined ? [] : [`${indent}  scope: ${this.#scope(textOf(scope) ?? '')}`]),
      ...others,
    ];
  }

  /** The resource of the template that this one is a part of. */
  #parent(resource: JsonObject): { readonly symbol: string; readonly own: string } | undefined {
    const parent = parentOf(resource, this.#variables);
    const found =
      parent &&
      this.#declared.find(({ address, copyName }) => copyName === undefined && isSame(address, parent.address));
    return found && { symbol: found.symbol, own: parent.own };
  }

  #moduleLines(
    { name = null, subscriptionId, resourceGroup, properties }: JsonObject,
    names: Names,
    indent: string,
  ): readonly string[] {
    const inner = `${indent}  `;
    const place = [subscriptionId, resourceGroup].flatMap((one) => (one === undefined ? [] : [bicepValue(one, names)]));
    const given = Object.entries(objectOf(member(properties, 'parameters')));
    const params = given.map(
      ([key, value]) => `${inner}  ${key}: ${bicepValue(jsonAt(value, 'value'), names, `${inner}  `)}`,
    );
    return [
      `${inner}name: ${bicepValue(name, names)}`,
      ...(place.length === 0 ? [] : [`${inner}scope: resourceGroup(${place.join(', ')})`]),
      ...(params.length === 0 ? [] : [`${inner}params: {`, ...params, `${inner}}`]),
    ];
  }

  /** The module of a nested template; gives its path. */
  #nested({ resource, symbol }: Declared): string {
    const options = member(member(resource['properties'], 'expressionEvaluationOptions'), 'scope');
    if (textOf(options)?.toLowerCase() !== 'inner') throw new Error('a nested template must be evaluated by itself');
    const path = this.#path.replace(/\.bicep$/, `.${symbol}.bicep`);
    writeModule(objectOf(member(resource['properties'], 'template')), path, this.#files);
    return path;
  }

  #dependencies(resource: JsonObject, indent: string): readonly string[] {
    const parent = this.#parent(resource)?.symbol;
    const symbols = listOf(resource['dependsOn'])
      .map((one) => this.#symbolOf(String(one)))
      .filter((one) => one !== parent);
    if (symbols.length === 0) return [];
    return [`${indent}  dependsOn: [`, ...symbols.map((symbol) => `${indent}    ${symbol}`), `${indent}  ]`];
  }

  #symbolOf(text: string): string {
    const address = addressOfId(text, this.#variables);
    const found = this.#declared.find((each) => each.copyName === text || (address && isSame(each.address, address)));
    if (!found) throw new Error(`nothing in the template is ${text}`);
    return found.symbol;
  }

  /** The symbol of what a resource extends, declared as existing where the template does not deploy it. */
  #scope(text: string): string {
    const address = addressOfId(text, this.#variables);
    if (!address) throw new Error(`the scope ${text} is not the id of a resource`);
    const declared = this.#declared.find((each) => isSame(each.address, address));
    if (declared) return declared.symbol;
    const key = JSON.stringify(address);
    const known = /^resource (\w+)/.exec(this.#existing.get(key) ?? '')?.[1];
    if (known !== undefined) return known;
    const version = EXISTING[address.type];
    if (version === undefined) throw new Error(`no version of ${address.type} is known`);
    const symbol = newSymbol(address, this.#taken);
    const name = bicepValue(nameIn(text, address.type), this.#names);
    this.#existing.set(
      key,
      `resource ${symbol} ${textLiteral(`${address.type}@${version}`)} existing = {\n  name: ${name}\n}`,
    );
    return symbol;
  }
}

/** The name in `[concat('type/', name)]` or `[resourceId('type', name)]`, as an expression of its own. */
function nameIn(text: string, type: string): string {
  const [, name] = /^\[(?:concat|resourceId)\('[^']+',\s*(.+)\)\]$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`the scope ${text} of ${type} is written in another way`);
  return `[${name}]`;
}

function isNested({ type }: JsonObject): boolean {
  return type === 'Microsoft.Resources/deployments';
}

function jsonAt(value: Json, key: string): Json {
  return (isJsonObject(value) ? value[key] : undefined) ?? null;
}
