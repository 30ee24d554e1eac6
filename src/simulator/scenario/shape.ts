import { Ajv } from 'ajv';
import { type ExplainedFile, explainAll } from '../../config/explain.ts';
import type { ConfigProblem, Path } from '../../config/problem.ts';
import type { Json } from '../../domain/json.ts';
import { scenarioSchema } from './schema.ts';

const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false }).compile(scenarioSchema);

const file: ExplainedFile = {
  schema: scenarioSchema,
  codes: 'scenario',
  otherFile: 'This is not a story, which begins with a line such as "title: A night on call"; see docs/scenarios.md.',
};

/** Codes that scripts may know from when stories had explanations of their own. */
const olderCodes: Readonly<Record<string, string>> = {
  'scenario.unknown-value': 'scenario.value',
  'scenario.format': 'scenario.duration',
};

/** Violations of the schema in a scenario. `typedAt` returns a value as it was typed. */
export function shapeProblems(root: Json, typedAt: (path: Path) => string | undefined): readonly ConfigProblem[] {
  if (validate(root)) return [];
  return explainAll(validate.errors ?? [], root, file, typedAt).map((problem) => ({
    ...problem,
    code: olderCodes[problem.code] ?? problem.code,
  }));
}
