import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sendIncident } from '../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { playbookTemplate } from '../src/arm/playbook.ts';
import { workflowFromTemplate } from '../src/arm-expressions/workflow-resource.ts';
import { defaultConfig } from '../src/config/config.ts';
import { mockCalls } from '../src/engine/mocks.ts';
import { runWorkflow } from '../src/engine/run.ts';
import { releases } from '../src/generator/releases.ts';
import { fromPlainContext } from '../src/wdl/context.ts';
import { evaluateTemplate } from '../src/wdl/evaluate.ts';
import type { Json, JsonObject, WorkflowDefinition } from '../src/wdl/types.ts';

/*
 * The engine: expressions per second (parsed once, evaluated often), one run of SIGNL4-Send-Incident, and a thousand of them
 * with what they leave in memory. The baselines are plain JavaScript that does the same work, and a round trip of the incident
 * through JSON, which any runtime has to make at least once.
 */

const root = fileURLToPath(new URL('../', import.meta.url));
const incident = JSON.parse(
  readFileSync(`${root}playbooks/SIGNL4-Send-Incident/samples/incident-created.json`, 'utf8'),
) as Json;
const [release] = releases;
const template = playbookTemplate(sendIncident, sendIncident.build(defaultConfig), { release });
const found = workflowFromTemplate(template as unknown as JsonObject, {
  parameters: { WorkspaceName: 'soc-workspace' },
});
const definition = found.definition as unknown as WorkflowDefinition;
const { parameters } = found;

/** Nanoseconds per call: the best of five rounds of `count` calls. */
function nanoseconds(count: number, work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const started = process.hrtime.bigint();
    for (let call = 0; call < count; call++) work();
    best = Math.min(best, Number(process.hrtime.bigint() - started) / count);
  }
  return best;
}

async function milliseconds(count: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let call = 0; call < count; call++) await work();
  return performance.now() - started;
}

function heapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function run(): Promise<string> {
  const { calls } = mockCalls([{ path: '*', status: 200, body: { eventId: 'e' } }]);
  const { status } = await runWorkflow(definition, { parameters, calls, trigger: { body: incident } });
  return status;
}

const expression =
  "@if(equals(triggerBody()?['object']?['properties']?['severity'], 'High'), toUpper(coalesce(triggerBody()?['object']?['properties']?['title'], 'none')), '')";
const context = fromPlainContext({ trigger: { outputs: { body: incident } } }, { now: () => 0, random: () => 0 });
const plain = () => {
  const { properties } = (incident as { object: { properties: { severity?: string; title?: string } } }).object;
  return properties.severity === 'High' ? (properties.title ?? 'none').toUpperCase() : '';
};
const evaluated = nanoseconds(20_000, () => evaluateTemplate(expression, context));
const bare = nanoseconds(20_000, plain);
console.log(`expressions     ${Math.round(1e9 / evaluated).toLocaleString('en-US')} per second, six calls each`);
console.log(`                ${(evaluated / bare).toFixed(0)} times plain JavaScript (${bare.toFixed(0)} ns)`);

const status = await run();
await milliseconds(200, run);
const roundTrip = nanoseconds(2_000, () => JSON.parse(JSON.stringify(incident))) / 1e6;
const one = (await milliseconds(50, run)) / 50;
console.log(
  `one run         ${one.toFixed(2)} ms (${status}), ${(one / roundTrip).toFixed(0)} times a JSON round trip`,
);

const before = heapMegabytes();
const marks: string[] = [];
const started = performance.now();
for (let hundred = 0; hundred < 10; hundred++) {
  await milliseconds(100, run);
  marks.push((heapMegabytes() - before).toFixed(1));
}
console.log(`1,000 runs      ${((performance.now() - started) / 1_000).toFixed(2)} s`);
console.log(`heap growth MB  ${marks.join(' ')} (after every 100 runs)`);
