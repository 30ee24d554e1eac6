import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A command of a pipeline, as a shell gets it. */
export interface Script {
  readonly title: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An action or a task that a pipeline uses, with its inputs. */
export interface Use {
  readonly name: string;
  readonly inputs: readonly string[];
}

export interface Job {
  readonly name: string;
  readonly scripts: readonly Script[];
  readonly uses: readonly Use[];
}

export interface Pipeline {
  readonly text: string;
  /** Variables of the whole. */
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: readonly Job[];
}

type Values = Readonly<Record<string, string>>;

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Values;
  readonly env?: Values;
  readonly task?: string;
  readonly bash?: string;
  readonly displayName?: string;
  readonly inputs?: Values;
}

const read = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../../../examples/pipelines/${file}`, import.meta.url)), 'utf8');

/** `values`: what stands for each `${{ … }}`. @throws for an expression without a value */
export function githubPipeline(values: Values): Pipeline {
  const text = read('github.yml');
  const { env = {}, jobs } = parse(text) as { env?: Values; jobs: Record<string, { steps: Step[] }> };
  const filled = (given: Values = {}) =>
    mapped(given, (value) => value.replaceAll(/\$\{\{ *([^}]+?) *\}\}/g, (_, name: string) => filledBy(values, name)));
  return {
    text,
    env: filled(env),
    jobs: Object.entries(jobs).map(([name, { steps }]) => ({
      name,
      scripts: steps.flatMap(({ name: title = '', run, env: own }) =>
        run === undefined ? [] : [{ title, script: `set -e\n${run}`, env: filled(own) }],
      ),
      uses: steps.flatMap(({ uses, with: inputs = {} }) =>
        uses === undefined ? [] : [{ name: uses, inputs: Object.keys(inputs) }],
      ),
    })),
  };
}

interface AzureJob {
  readonly steps?: readonly Step[];
  readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly Step[] } } };
}

/** `values`: what stands for each `$(…)`, variable groups included. */
export function azurePipeline(values: Values): Pipeline {
  const text = read('azure-pipelines.yml');
  const { variables, stages } = parse(text) as {
    variables: readonly { readonly name?: string; readonly value?: string }[];
    stages: readonly { readonly stage: string; readonly jobs: readonly AzureJob[] }[];
  };
  const filled = (value: string) =>
    value.replaceAll(/\$\(([A-Za-z][\w.-]*)\)/g, (_, name: string) => filledBy(values, name));
  return {
    text,
    env: Object.fromEntries(variables.flatMap(({ name, value = '' }) => (name === undefined ? [] : [[name, value]]))),
    jobs: stages.map(({ stage, jobs }) => {
      const steps = jobs.flatMap((job) => job.steps ?? job.strategy?.runOnce.deploy.steps ?? []);
      return {
        name: stage,
        scripts: steps.flatMap(({ displayName: title = '', bash, inputs, env = {} }) => {
          const script = bash ?? inputs?.['inlineScript'];
          return script === undefined ? [] : [{ title, script, env: mapped(env, filled) }];
        }),
        uses: steps.flatMap(({ task, inputs = {} }) =>
          task === undefined ? [] : [{ name: task, inputs: Object.keys(inputs) }],
        ),
      };
    }),
  };
}

function filledBy(values: Values, name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`there is no value for ${name}`);
  return value;
}

function mapped(given: Values, change: (value: string) => string): Values {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, change(String(value))]));
}
