import type { Config } from '../config/config.ts';
import type { JsonObject } from '../domain/json.ts';
import { kqlConditions } from '../rules/filter-targets.ts';
import { nameTables } from '../rules/product-names.ts';
import { machineNames } from './incident-life.ts';
import { type AnalyticsRule, analyticsRules } from './rules.ts';
import { onCallWorkbook } from './workbook.ts';

/** The workbook and the analytics rules of one config. */
export interface Monitoring {
  readonly workbook: JsonObject;
  readonly rules: readonly AnalyticsRule[];
}

/** @param playbooks names of the playbooks that the config has */
export function monitoringOf(config: Config, playbooks: readonly string[]): Monitoring {
  const filter = kqlConditions(config.filter, nameTables(config.friendlyNames));
  const { app } = config.relay.azure;
  const writers = app === '' ? playbooks : [...playbooks, app];
  const texts = {
    tag: config.tag,
    playbooks: writers,
    machines: [...machineNames, ...responseNames(config)],
    unmanned: unmannedTags(config),
    filter,
  };
  return { workbook: onCallWorkbook(texts), rules: analyticsRules(texts) };
}

/** Names of the playbooks that people start from the phone: what they change, no person changed. */
function responseNames({ respond }: Config): readonly string[] {
  return [
    ...new Set(Object.values(respond.playbooks).map(({ playbook }) => playbook.slice(playbook.lastIndexOf('/') + 1))),
  ];
}

/** Tags of the events that nobody causes, and that may change the status all the same. */
function unmannedTags({ callback }: Config): readonly string[] {
  return [callback.escalated.tag, callback.noResponse.tag].filter((tag) => tag !== '');
}
