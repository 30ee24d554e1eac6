import { evaluateArm } from '../../arm/expressions/evaluate.ts';
import type { ArmScope } from '../../arm/expressions/scope.ts';
import { type ArmExpression, isArmExpression, parseArmExpression } from '../../arm/expressions/syntax.ts';
import { UserError } from '../../domain/errors.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { nameIn, objectAt, partsOf, textAt } from '../json-walk.ts';
import type { SubjectRule, Violation } from '../rule.ts';
import { sources } from '../sources.ts';
import { ownPart, scopeOfResource, type TemplateLevel } from '../template-level.ts';

/** What a deployment would refuse in the expressions of a template. */
export const armExpressionRules: readonly SubjectRule<TemplateLevel>[] = [
  {
    id: 'arm.expression-syntax',
    level: 'error',
    source: sources.armSyntax,
    help: 'Mend the expression. A text that shall start with a bracket is written with two.',
    check: ({ template }) =>
      expressionsIn(template).flatMap(({ pointer, problem }) =>
        problem === undefined ? [] : [{ pointer, message: problem }],
      ),
  },
  {
    id: 'arm.undefined-name',
    level: 'error',
    source: sources.armSyntax,
    help: 'Declare it in this template, or correct the name.',
    check: ({ template }) =>
      expressionsIn(template).flatMap(({ pointer, expression }) =>
        expression === undefined ? [] : undefinedNames(expression, template).map((message) => ({ pointer, message })),
      ),
  },
  {
    id: 'arm.evaluation',
    level: 'error',
    source: sources.armSyntax,
    help: 'Mend the expression: the deployment stops here.',
    check: (level) => {
      const known = new Set(
        expressionsIn(level.template)
          .filter(({ expression }) => expression === undefined || undefinedNames(expression, level.template).length > 0)
          .map(({ pointer }) => pointer),
      );
      const resources = level.resources.flatMap((resource) => {
        const scope = scopeOfResource(level, resource.raw);
        return scope === undefined
          ? []
          : evaluationProblem(ownPart(resource), resource.at.slice(level.at.length), scope);
      });
      const outputs = evaluationProblem(level.template['outputs'] ?? null, '/outputs', level.scope);
      return [...resources, ...outputs].filter(({ pointer }) => !known.has(pointer));
    },
  },
];

interface FoundExpression {
  readonly pointer: string;
  readonly expression: ArmExpression | undefined;
  readonly problem?: string;
}

const expressionsByTemplate = new WeakMap<JsonObject, readonly FoundExpression[]>();

/** Every expression of a template itself; those of templates inside are escaped, or texts of another deployment. */
function expressionsIn(template: JsonObject): readonly FoundExpression[] {
  const known = expressionsByTemplate.get(template);
  if (known) return known;
  const found = partsOf(template, '', '', ({ value }) => !isInnerDeployment(value))
    .flatMap(({ pointer, value }) => (typeof value === 'string' ? [{ pointer, text: value }] : []))
    .filter(({ pointer, text }) => isArmExpression(text) && !isPlainText(pointer))
    .map(({ pointer, text }): FoundExpression => {
      try {
        return { pointer, expression: parseArmExpression(text) };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { pointer, expression: undefined, problem: `${error.message} ${error.remedy ?? ''}`.trim() };
      }
    });
  expressionsByTemplate.set(template, found);
  return found;
}

/** The properties of a deployment whose template evaluates itself. */
function isInnerDeployment(value: Json): boolean {
  return textAt(value, 'expressionEvaluationOptions', 'scope')?.toLowerCase() === 'inner';
}

/** Gallery metadata is never evaluated: `[SIGNL4](https://…)` is a link there. */
function isPlainText(pointer: string): boolean {
  return /^\/metadata\/|\/metadata\/description$/.test(pointer);
}

function undefinedNames(expression: ArmExpression, template: JsonObject): string[] {
  return namesIn(expression)
    .filter(({ kind, name }) => nameIn(objectAt(template, kind), name) === undefined && !isCopied(template, kind, name))
    .map(({ kind, name }) => `there is no ${kind.slice(0, -1)} "${name}" in this template`);
}

/** Variables may come from `variables.copy`. */
function isCopied(template: JsonObject, kind: string, name: string): boolean {
  const copies = objectAt(template, 'variables')['copy'];
  return kind === 'variables' && Array.isArray(copies) && JSON.stringify(copies).includes(`"${name}"`);
}

function namesIn(expression: ArmExpression): { kind: 'parameters' | 'variables'; name: string }[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'member':
      return namesIn(expression.of);
    case 'index':
      return [...namesIn(expression.of), ...namesIn(expression.index)];
    case 'call': {
      const kind = expression.name.toLowerCase();
      const [first] = expression.args;
      const inner = expression.args.flatMap(namesIn);
      if ((kind !== 'parameters' && kind !== 'variables') || first?.kind !== 'literal') return inner;
      return [{ kind, name: String(first.value) }, ...inner];
    }
  }
}

/** Functions that need a resource that is not there offline are placeholders; what fails here fails in Azure, too. */
function evaluationProblem(value: Json, pointer: string, scope: ArmScope): Violation[] {
  try {
    evaluateArm(value, scope, pointer);
    return [];
  } catch (error) {
    if (error instanceof RangeError)
      return [{ pointer, message: 'the expressions are nested too deep to be evaluated' }];
    if (!(error instanceof UserError)) throw error;
    if (error.code === 'arm.syntax' || error.code === 'arm.parameter' || error.code === 'arm.variable') return [];
    return [{ pointer: error.where.path ?? pointer, message: error.message }];
  }
}
