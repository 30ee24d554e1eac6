import { Command, Option } from 'commander';
import { UserError } from '../domain/errors.ts';
import type { Environment, PlainContext } from '../wdl/context.ts';
import { fromPlainContext } from '../wdl/context.ts';
import { describeError, WdlError } from '../wdl/errors.ts';
import { evaluateExpression, evaluateTemplate } from '../wdl/evaluate.ts';
import { JsonTextError, jsonText, parseJsonText } from '../wdl/json-text.ts';
import { readPlainContext } from '../wdl/plain-context.ts';
import type { WdlObject, WdlValue } from '../wdl/values.ts';
import { isArray, isObject, typeName } from '../wdl/values.ts';
import type { Io } from './io.ts';
import { readText } from './read-text.ts';

type Mode = 'expression' | 'template';

const MODES: readonly Mode[] = ['expression', 'template'];

interface EvalOptions {
  readonly context?: string;
  readonly batch?: string;
  readonly mode: Mode;
  readonly json?: true;
}

/** What one evaluation gives, as JSON. */
export type Evaluation = { readonly value: WdlValue } | { readonly error: WdlObject };

/** `eval`: the value of an expression of the Workflow Definition Language, or of many. */
export function evalCommand(io: Io): Command {
  return new Command('eval')
    .description('evaluate an expression of the Workflow Definition Language')
    .argument('[expr]', "the expression, for example: concat('a', parameters('b'))")
    .option('-c, --context <file>', 'JSON: {trigger, actions, variables, parameters, items, workflow}')
    .option('-b, --batch <file>', 'JSON: [{expr, context?, mode?}]; prints [{value}|{error}] in the same order')
    .addOption(
      new Option('-m, --mode <mode>', 'expression: bare; template: as in a definition (@…, @{…}, @@)')
        .choices(MODES)
        .default('expression'),
    )
    .option('--json', 'print {value} or {error} instead of the value alone')
    .addHelpText('after', HELP)
    .action((expr: string | undefined, options: EvalOptions) => {
      if (options.batch !== undefined) evalBatch(io, expr, options, options.batch);
      else if (expr !== undefined) evalOne(io, expr, options);
      else throw usage('usage.expression', 'Give an expression, or a file of them with --batch.');
    });
}

const HELP = `
A context says what the expression sees of its run; every member may be left out:
  {
    "trigger": {"outputs": {"body": …, "headers": …}},
    "actions": {"Name": {"outputs": {"body": …}, "status": "Succeeded"}},
    "variables": {"name": …}, "parameters": {"name": …},
    "items": {"Loop": …}, "workflow": {"name": …}
  }
triggerBody() and body('Name') read outputs.body.

Exit code: 0 there is a value (with --batch: always); 1 the expression fails; 2 wrong usage.`;

/** The real clock and randomness, so `utcNow()`, `guid()` and `rand()` differ between runs. */
const environment: Environment = { now: () => Date.now(), random: () => Math.random() };

function evalOne(io: Io, expr: string, options: EvalOptions): void {
  const context = options.context === undefined ? {} : readContextFile(io, options.context);
  const outcome = attempt(() => evaluate(expr, options.mode, context));
  if (outcome instanceof WdlError) {
    io.setExitCode(1);
    if (options.json) io.print(jsonText({ error: errorObject(outcome) }));
    else io.note(`error: ${describeError(outcome)}`);
  } else io.print(jsonText(options.json ? { value: outcome.value } : outcome.value));
}

function evalBatch(io: Io, expr: string | undefined, { context }: EvalOptions, file: string): void {
  if (expr !== undefined) throw usage('usage.batch', 'Give either an expression or --batch, not both.');
  if (context !== undefined)
    throw usage('usage.batch', 'With --batch every entry has its own context; leave --context out.');
  const entries = readJsonFile(io, file);
  if (!isArray(entries)) {
    throw new UserError('usage.batch', `The batch must be an array, but it is of type '${typeName(entries)}'.`, {
      where: { file },
      remedy: 'Write [{"expr": "add(1, 2)"}, {"expr": "@{…}", "mode": "template", "context": {…}}].',
    });
  }
  io.print(jsonText(evaluateBatch(entries)));
}

/** Evaluates each entry on its own; a faulty one yields an error in its place and does not affect the others. */
export function evaluateBatch(entries: readonly WdlValue[]): Evaluation[] {
  return entries.map((entry) => {
    const outcome = attempt(() => evaluateEntry(entry));
    return outcome instanceof WdlError ? { error: errorObject(outcome) } : outcome;
  });
}

function evaluateEntry(entry: WdlValue): WdlValue {
  if (!isObject(entry))
    throw entryError(`An entry must be an object with "expr", but it is of type '${typeName(entry)}'.`);
  const expr = entry['expr'] ?? null;
  if (typeof expr !== 'string') throw entryError(`"expr" must be a string, but it is of type '${typeName(expr)}'.`);
  const given = entry['mode'] ?? 'expression';
  const mode = MODES.find((each) => each === given);
  if (mode === undefined) throw entryError(`"mode" must be one of ${MODES.join(', ')}.`);
  return evaluate(expr, mode, readPlainContext(entry['context'] ?? {}));
}

function evaluate(expr: string, mode: Mode, context: PlainContext): WdlValue {
  const evaluation = fromPlainContext(context, environment);
  return mode === 'template' ? evaluateTemplate(expr, evaluation) : evaluateExpression(expr, evaluation);
}

function attempt(evaluateIt: () => WdlValue): { readonly value: WdlValue } | WdlError {
  try {
    return { value: evaluateIt() };
  } catch (error) {
    if (error instanceof WdlError) return error;
    throw error;
  }
}

function errorObject({ code, reason, message, details }: WdlError): WdlObject {
  return { code, reason, message, ...(details.remedy === undefined ? {} : { remedy: details.remedy }) };
}

function entryError(message: string): WdlError {
  return new WdlError('wdl.context', message, {
    remedy: 'An entry looks like {"expr": "add(1, 2)", "mode": "expression", "context": {}}.',
  });
}

function readContextFile(io: Io, file: string): PlainContext {
  try {
    return readPlainContext(readJsonFile(io, file));
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    throw fileError('usage.context', error.message, file, error.details.remedy);
  }
}

/** Keeps the digits and the kind of numbers: 2.0 stays a float. */
function readJsonFile(io: Io, file: string): WdlValue {
  const source = readText(io, file, { kind: 'usage' }).text;
  try {
    return parseJsonText(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof JsonTextError) && !(error instanceof WdlError)) throw error;
    throw fileError(
      'usage.json',
      `The file is not JSON: ${error.message}`,
      file,
      'Correct the file; comments are not allowed.',
    );
  }
}

function fileError(code: string, message: string, file: string, remedy: string | undefined): UserError {
  return new UserError(code, message, { where: { file }, ...(remedy === undefined ? {} : { remedy }) });
}

function usage(code: string, message: string): UserError {
  return new UserError(code, message, { remedy: 'See --help.' });
}
