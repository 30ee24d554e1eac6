import type { JsonObject } from '../../domain/json.ts';
import { step } from '../json-text.ts';
import { type TextPart, textsOf } from '../json-walk.ts';
import type { SubjectRule } from '../rule.ts';
import type { TemplateLevel } from '../template-level.ts';

/**
 * The tests of the ARM template toolkit that Content Hub's review runs on a package, by their titles there. `appliesTo`
 * says on what we run them: the toolkit looks at packages only, but several hold for every template.
 */
export interface ArmTtkRule extends SubjectRule<TemplateLevel> {
  /** Title of the toolkit's test. */
  readonly test: string;
  readonly appliesTo: 'packages' | 'templates';
  /** How the Azure-Sentinel repository's own run departs from the toolkit; certification in Partner Center does not. */
  readonly forSentinel?: string;
}

/** Every text below some members of a template. */
export function textsBelow(template: JsonObject, members: readonly string[]): TextPart[] {
  return members.flatMap((member) => textsOf(template[member] ?? null, step(member)));
}
