import { hasTag, type Incident, readIncident } from '../../domain/incident.ts';
import { textOf } from '../../domain/json.ts';
import { recurrenceMs } from '../../domain/recurrence.ts';
import { matches } from '../../rules/filter.ts';
import { filterOData } from '../../rules/filter-targets.ts';
import { nameTables } from '../../rules/product-names.ts';
import { type DoctorContext, deployedAs, parameterOf } from './context.ts';
import { type Check, failure, ok, rights, skipped } from './finding.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A run takes seconds, or minutes at worst; an incident that waits longer was missed. */
const PATIENCE_MS = 15 * MINUTE_MS;
const MOST_READ = 500;

/** Incidents that match the filter, are newer than the playbook and have no tag: they were not sent. */
export const waitingCheck: Check<DoctorContext> = {
  id: 'waiting',
  right: rights.sentinel,
  async run(context) {
    const deployed = deployedAs(context, 'SIGNL4-Send-Incident');
    if (!deployed) return [skipped('SIGNL4-Send-Incident is not there, so nobody waits for it')];
    const { live, sentinel, now } = context;
    const { filter, friendlyNames, sweep } = live.config;
    const names = nameTables(friendlyNames);
    const tag = textOf(parameterOf(deployed, 'Tag')) ?? live.config.tag;
    const since = now() - sweep.lookBackHours * HOUR_MS;
    const waiting: Incident[] = [];
    let read = 0;
    for await (const resource of sentinel.incidents(filterOData(filter, new Date(since).toISOString()))) {
      if (++read > MOST_READ) break;
      const incident = readIncident(resource);
      if (!incident || !matches(filter, incident, names)) continue;
      const created = Date.parse(incident.createdTime);
      const isOurs =
        created >= Math.max(since, Date.parse(deployed.createdTime) || 0) && created <= now() - PATIENCE_MS;
      if (isOurs && !hasTag(incident.tags, tag)) waiting.push(incident);
    }
    const [oldest] = waiting;
    if (!oldest) return [ok('no incident waits to be sent')];
    const which = waiting.length === 1 ? `incident ${oldest.number} waits` : `${waiting.length} incidents wait`;
    return [
      failure(
        `${which} to be sent to SIGNL4, since ${oldest.createdTime} (${oldest.number}, "${oldest.title}"): nobody was paged`,
        'See the other findings, and the run history of SIGNL4-Send-Incident. Run it by hand: the incident, Actions, Run playbook.',
      ),
    ];
  },
};

/** The sweep runs on its schedule; Sync-Incident runs whenever a sent incident changes. */
export const rhythmCheck: Check<DoctorContext> = {
  id: 'rhythm',
  async run(context) {
    return [await sweepFinding(context), await syncFinding(context)];
  },
};

async function sweepFinding(context: DoctorContext) {
  const name = 'SIGNL4-Sweep';
  const deployed = deployedAs(context, name);
  if (deployed?.state !== 'Enabled') return skipped(`${name} is not there, or switched off`);
  const every = recurrenceMs(deployed.definition);
  if (every === undefined)
    return failure(`${name} no longer runs by the clock`, 'Run "signl4-sentinel diff", then "signl4-sentinel deploy".');
  const [latest] = await context.workflows.runs(name, 1);
  const last = Date.parse(latest?.startTime ?? deployed.createdTime) || context.now();
  const minutes = Math.round((context.now() - last) / MINUTE_MS);
  // Azure may start a scheduled run some minutes late.
  if (context.now() - last <= 2 * every + PATIENCE_MS)
    return ok(`${name} runs every ${Math.round(every / MINUTE_MS)} minutes`);
  return failure(
    `${name} has not run for ${minutes} minutes, and should every ${Math.round(every / MINUTE_MS)}: what was missed is not found`,
    `Portal: ${name}, Trigger history says why; Overview, Disable and Enable, starts the clock anew.`,
  );
}

/** A tagged incident that a person changed should have started a run. */
async function syncFinding(context: DoctorContext) {
  const name = 'SIGNL4-Sync-Incident';
  const deployed = deployedAs(context, name);
  if (deployed?.state !== 'Enabled') return skipped(`${name} is not there, or switched off`);
  const { live, sentinel, now } = context;
  const tag = textOf(parameterOf(deployed, 'Tag')) ?? live.config.tag;
  const [latest] = await context.workflows.runs(name, 1);
  const last = Math.max(Date.parse(latest?.startTime ?? '') || 0, Date.parse(deployed.createdTime) || 0);
  const filter = `properties/status eq 'Closed' and properties/lastModifiedTimeUtc ge ${new Date(last + MINUTE_MS).toISOString()}`;
  let read = 0;
  for await (const resource of sentinel.incidents(filter)) {
    if (++read > MOST_READ) break;
    const incident = readIncident(resource);
    if (!incident || !hasTag(incident.tags, tag) || Date.parse(incident.lastModifiedTime) > now() - PATIENCE_MS)
      continue;
    return failure(
      `${name} did not run when incident ${incident.number} was closed at ${incident.lastModifiedTime}: SIGNL4 does not hear of changes`,
      'See the findings about automation rules and permissions.',
    );
  }
  return ok(latest ? `${name} last ran at ${latest.startTime}` : `${name} has had no reason to run yet`);
}

/** The tag marks what was sent, so every playbook must use the same one. */
export const tagsCheck: Check<DoctorContext> = {
  id: 'tags',
  async run(context) {
    const tags = context.playbooks.flatMap(({ deployed }) => {
      const tag = deployed && textOf(parameterOf(deployed, 'Tag'));
      return deployed && tag !== undefined ? [{ name: deployed.name, tag }] : [];
    });
    const sent = tags.find(({ name }) => name === 'SIGNL4-Send-Incident');
    if (!sent) return [skipped('SIGNL4-Send-Incident is not there, so nobody sets a tag')];
    const others = tags.filter(({ tag }) => tag.toLowerCase() !== sent.tag.toLowerCase());
    if (others.length === 0) return [ok(`all playbooks know the tag "${sent.tag}"`)];
    return others.map(({ name, tag }) =>
      failure(
        `${name} looks for the tag "${tag}", and ${sent.name} sets "${sent.tag}": what was sent is not found`,
        `Portal: ${name}, designer, Parameters: Tag. Or write "tag" into signl4.yaml, then build and deploy.`,
      ),
    );
  },
};
