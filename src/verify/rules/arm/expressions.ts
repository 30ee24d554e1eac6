import { evaluateArm } from '../../../arm-expressions/evaluate.ts';
import type { ArmScope } from '../../../arm-expressions/scope.ts';
import { type ArmExpression, isArmExpression, parseArmExpression } from '../../../arm-expressions/syntax.ts';
import { UserError } from '../../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { type JsonPart, listAt, nameIn, objectAt, partsOf, textAt } from '../../json-walk.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { innerTemplateMember, scopeOfResource, type TemplateLevel } from '../../template-level.ts';

/** Expressions that a deployment would refuse. */
export const armExpressionRules: readonly SubjectRule<TemplateLevel>[] = [
  {
    id: 'arm.expression-syntax',
    level: 'error',
    source: sources.armSyntax,
    help: 'Correct the expression. A string that begins with a bracket is written with two.',
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
        expression === undefined
          ? []
          : undefinedNames(expression, declaringAt(template, pointer)).map((message) => ({ pointer, message })),
      ),
  },
  {
    id: 'arm.evaluation',
    level: 'error',
    source: sources.armSyntax,
    help: 'Correct the expression: the deployment stops here.',
    check: (level) => {
      const known = new Set(
        expressionsIn(level.template)
          .filter(
            ({ pointer, expression }) =>
              expression === undefined || undefinedNames(expression, declaringAt(level.template, pointer)).length > 0,
          )
          .map(({ pointer }) => pointer),
      );
      const evaluated = partsOf(level.template).filter(
        ({ name, value }) => isExpression(value) || isArmExpression(name),
      );
      const resources = level.resources.flatMap(({ at, raw, type }) => {
        const scope = scopeOfResource(level, raw);
        const pointer = at.slice(level.at.length);
        const template = innerTemplateMember(type, raw) === 'template' ? `${pointer}/properties/template/` : undefined;
        const own = evaluated.filter(
          (part) =>
            part.pointer.startsWith(`${pointer}/`) && (template === undefined || !part.pointer.startsWith(template)),
        );
        return scope === undefined ? [] : firstProblem(own, scope);
      });
      const outputs = evaluated.filter(({ pointer }) => pointer.startsWith('/outputs/'));
      return [...resources, ...firstProblem(outputs, level.scope)].filter(({ pointer }) => !known.has(pointer));
    },
  },
];

interface FoundExpression {
  readonly pointer: string;
  readonly expression: ArmExpression | undefined;
  readonly problem?: string;
}

const expressionsByTemplate = new WeakMap<JsonObject, readonly FoundExpression[]>();

/** Expressions of the template itself, not of nested templates, where they are escaped or belong to another deployment. */
function expressionsIn(template: JsonObject): readonly FoundExpression[] {
  const known = expressionsByTemplate.get(template);
  if (known) return known;
  const parts = partsOf(template);
  const inner = parts.filter(({ value }) => isInnerDeployment(value)).map(({ pointer }) => `${pointer}/`);
  const found = parts
    .flatMap(({ pointer, value: text }) =>
      typeof text === 'string' && isArmExpression(text) && !isPlainText(pointer) ? [{ pointer, text }] : [],
    )
    .filter(({ pointer }) => !inner.some((one) => pointer.startsWith(one)))
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
  return isJsonObject(value) && textAt(value, 'expressionEvaluationOptions', 'scope')?.toLowerCase() === 'inner';
}

/** Gallery metadata is not evaluated: `[SIGNL4](https://…)` is a link there. */
function isPlainText(pointer: string): boolean {
  return /^\/metadata\/|\/metadata\/description$/.test(pointer);
}

/**
 * What declares the names in an expression: the template, or the user-defined function around it, which only sees its own
 * parameters.
 */
function declaringAt(template: JsonObject, pointer: string): JsonObject {
  const [, index, name] = /^\/functions\/(\d+)\/members\/([^/]+)\//.exec(pointer) ?? [];
  if (index === undefined || name === undefined) return template;
  const declared = listAt(listAt(template, 'functions')[Number(index)], 'members', name, 'parameters');
  return { parameters: Object.fromEntries(declared.map((one) => [textAt(one, 'name') ?? '', one])) };
}

function undefinedNames(expression: ArmExpression, template: JsonObject): string[] {
  return namesIn(expression)
    .filter(({ kind, name }) => nameIn(objectAt(template, kind), name) === undefined && !isCopied(template, kind, name))
    .map(({ kind, name }) => `there is no ${kind.slice(0, -1)} "${name}" in this template`);
}

/** Variables may also be declared in `variables.copy`. */
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

function isExpression(value: Json): value is string {
  return typeof value === 'string' && isArmExpression(value);
}

/** Functions that need a deployed resource return placeholders offline; any other failure would occur in Azure too. */
function firstProblem(parts: readonly JsonPart[], scope: ArmScope): Violation[] {
  for (const { pointer, name, value } of parts) {
    try {
      if (isArmExpression(name)) evaluateArm(name, scope, pointer);
      if (isExpression(value)) evaluateArm(value, scope, pointer);
    } catch (error) {
      if (error instanceof RangeError)
        return [{ pointer, message: 'the expressions are nested too deep to be evaluated' }];
      if (!(error instanceof UserError)) throw error;
      if (error.code === 'arm.syntax' || error.code === 'arm.parameter' || error.code === 'arm.variable') return [];
      return [{ pointer: error.where.path ?? pointer, message: error.message }];
    }
  }
  return [];
}
