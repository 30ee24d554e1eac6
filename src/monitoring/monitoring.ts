import type { Config } from '../config/config.ts';
import type { JsonObject } from '../domain/json.ts';
import { kqlConditions } from '../rules/filter-targets.ts';
import { nameTables } from '../rules/product-names.ts';
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
  return {
    workbook: onCallWorkbook({ tag: config.tag, playbooks: writers, filter }),
    rules: analyticsRules({ tag: config.tag, playbooks: writers, filter }),
  };
}
