import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { partsOf, type TextPart, textAt } from '../../json-walk.ts';
import type { Violation } from '../../rule.ts';
import { asWritten } from './expression-text.ts';

/** A template as the toolkit gets it: a whole file, with the templates that a package carries inside. */
export interface ToolkitSubject {
  readonly template: JsonObject;
  /** The file with its nested templates; undefined for those. */
  readonly whole: JsonObject | undefined;
  /** Whether the file is called mainTemplate.json or azuredeploy.json. */
  readonly isMain: boolean;
}

export function isMainTemplate(file: string): boolean {
  return /(^|\/)(mainTemplate|(prereq\.)?azuredeploy)\.json$/i.test(file);
}

/** A test of the ARM template toolkit. */
export interface ToolkitTest {
  /** Its title there. */
  readonly test: string;
  /** The rule that reports it. */
  readonly id: string;
  /**
   * `packages`: only what a package must keep. `templates`: a playbook carries it into the package. `outermost`: the toolkit
   * looks at the outermost template only, so in a playbook it is no more than a warning.
   */
  readonly on: 'packages' | 'templates' | 'outermost';
  check(subject: ToolkitSubject): readonly Violation[];
}

/** A part of a file that the toolkit tests by itself. */
export interface ToolkitPart {
  /** JSON pointer in the file. */
  readonly at: string;
  readonly template: JsonObject;
  readonly whole: JsonObject | undefined;
}

/** A template without the nested ones that their own deployments evaluate, or that a policy deploys, and each of those. */
export function toolkitParts(template: JsonObject, pointer = ''): ToolkitPart[] {
  const inner: ToolkitPart[] = [];
  const strip = (value: Json, place: string): Json => {
    if (Array.isArray(value))
      return (value as readonly Json[]).map((one, index) => strip(one, place + pointerStep(index)));
    if (!isJsonObject(value)) return value;
    const isInner = isEvaluatedApart(value, place);
    const members = Object.entries(value).map(([name, member]): [string, Json] => {
      if (!isInner || name !== 'template' || !isJsonObject(member))
        return [name, strip(member, place + pointerStep(name))];
      inner.push(...toolkitParts(member, place + pointerStep(name)));
      return [name, {}];
    });
    return Object.fromEntries(members);
  };
  const hasInner = partsOf(template).some(
    ({ name }) => name === 'expressionEvaluationOptions' || name === 'policyRule',
  );
  const own = hasInner ? (strip(template, pointer) as JsonObject) : template;
  return [{ at: pointer, template: own, whole: pointer === '' ? template : undefined }, ...inner];
}

function isEvaluatedApart(value: Json, pointer: string): boolean {
  return (
    textAt(value, 'expressionEvaluationOptions', 'scope')?.toLowerCase() === 'inner' || pointer.includes('/policyRule/')
  );
}

/** Compilers name what they wrote; the toolkit passes over their ids. */
export function isFromBicep(template: JsonObject): boolean {
  return textAt(template, 'metadata', '_generator', 'name')?.toLowerCase() === 'bicep';
}

/** Texts with what is in their file between the quotation marks. */
export interface WrittenText extends TextPart {
  readonly written: string;
}

const writtenByTemplate = new WeakMap<JsonObject, readonly WrittenText[]>();

/** A call, or a host: no test looks for anything else. */
const TESTED = /\(|\.(?:net|com|io)/i;

/** The texts and member names of a template that a test may look at: the toolkit searches the text of the file. */
export function writtenTexts(template: JsonObject): readonly WrittenText[] {
  const known = writtenByTemplate.get(template);
  if (known) return known;
  const texts: WrittenText[] = [];
  for (const { pointer, name, value } of partsOf(template)) {
    if (TESTED.test(name)) texts.push({ pointer, name, text: name, written: asWritten(name) });
    if (typeof value === 'string' && TESTED.test(value)) {
      texts.push({ pointer, name, text: value, written: asWritten(value) });
    }
  }
  writtenByTemplate.set(template, texts);
  return texts;
}

/** Whether a pointer lies below a top-level member of the template. */
export function isBelow(pointer: string, member: string): boolean {
  return pointer === `/${member}` || pointer.startsWith(`/${member}/`);
}
