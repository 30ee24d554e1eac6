import { stringify } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { ownMember, resolved } from './defaults.ts';
import type { SchemaNode } from './schema/node.ts';
import { configSchema } from './schema.ts';

const head = (schemaFile: string) => `# yaml-language-server: $schema=${schemaFile}
#
# SIGNL4 for Microsoft Sentinel.
# Every choice is here. A line that starts with "#" and no space is a choice you have not made: it shows the default, or
# an example where there is no default. Remove the "#" (on every line of a longer value) to make it yours.
# Keep secrets out of this file: deploying takes them from SIGNL4_API_KEY and SIGNL4_TEAM_SECRET.`;

/** Widest comment line, indentation apart. */
const WIDTH = 110;

/**
 * A `signl4.yaml` with all choices and their explanations: those in `answers` are set, all others commented out. Generated from
 * the schema. `schemaFile` is the schema's path relative to the file; `missing` are members that the answers require in addition
 * (`workspace.tenantId`).
 */
export function initText(answers: JsonObject, schemaFile: string, missing: readonly string[] = []): string {
  const members = Object.entries(configSchema.properties as Readonly<Record<string, SchemaNode>>);
  const blocks = members.map(([key, node]) => memberLines([key], node, ownMember(answers, key), missing).join('\n'));
  return `${[head(schemaFile), ...blocks].join('\n\n')}\n`;
}

/** The answers alone, as lines of a `signl4.yaml`. */
export function answersText(answers: JsonObject, missing: readonly string[]): string {
  const lines = Object.entries(answers).flatMap(([key, value]) => {
    const open = missing.filter((each) => each.startsWith(`${key}.`)).map((each) => each.slice(key.length + 1));
    return [...valueLines(key, value), ...open.map((name) => `  ${missingLine(name)}`)];
  });
  return lines.join('\n');
}

/** Line for a value that the user did not have at hand. */
function missingLine(key: string): string {
  return `#${key}:   # MISSING: remove the "#" in front and write the value`;
}

/** Comment and choice. Sections are not commented out, because an empty one has its defaults. */
function memberLines(
  path: readonly [string, ...string[]],
  schema: SchemaNode,
  answer: Json | undefined,
  missing: readonly string[],
): readonly string[] {
  const node = resolved(schema);
  const key = path.at(-1) ?? '';
  const comment = wrapped(explanation(node)).map((line) => `# ${line}`);
  if (node.properties) {
    const members = Object.entries(node.properties).flatMap(([name, child]) =>
      memberLines([...path, name], child, isJsonObject(answer) ? ownMember(answer, name) : undefined, missing),
    );
    return [...comment, `${key}:`, ...members.map((line) => `  ${line}`)];
  }
  if (missing.includes(path.join('.'))) return [...comment, missingLine(key)];
  const lines = valueLines(key, answer ?? shownValue(node));
  return [...comment, ...(answer === undefined ? lines.map((line) => `#${line}`) : lines)];
}

/** The first sentence of the description, and what may be written. */
function explanation(node: SchemaNode): string {
  const sentence = /^.*?\.(?= |$)/.exec(node.description ?? '')?.[0] ?? '';
  const hints = [allowed(node), !node.properties && isExample(node) ? 'none by default' : ''].filter(Boolean);
  return hints.length === 0 ? sentence : `${sentence.slice(0, -1)} (${hints.join('; ')}).`;
}

function allowed({ enum: values, items, additionalProperties, minimum, maximum }: SchemaNode): string {
  const list =
    values ?? items?.enum ?? (typeof additionalProperties === 'object' ? additionalProperties.enum : undefined);
  if (list) return list.join(', ');
  return minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}`;
}

/** Value in the commented-out line: the default if it is meaningful, otherwise an example. */
function shownValue(node: SchemaNode): Json {
  return isExample(node) ? (node.examples?.[0] ?? '') : (node.default ?? '');
}

/** Whether the default is empty: none, an empty string, list or map. */
function isExample({ default: standard }: SchemaNode): boolean {
  if (typeof standard === 'object' && standard !== null) return Object.keys(standard).length === 0;
  return standard === undefined || standard === '';
}

/** `severities: [High, Medium]`; maps and strings of several lines are below their key. */
function valueLines(key: string, value: Json): readonly string[] {
  const isScalarList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  const style = isScalarList ? ({ collectionStyle: 'flow', flowCollectionPadding: false } as const) : {};
  return stringify({ [key]: value }, { lineWidth: 0, ...style })
    .trimEnd()
    .replace(/^\{(.*)\}$/, '$1')
    .split('\n');
}

/** Breaks a sentence between words. */
function wrapped(sentence: string): readonly string[] {
  return sentence.match(new RegExp(`.{1,${WIDTH}}(?: |$)`, 'g'))?.map((line) => line.trimEnd()) ?? [];
}
