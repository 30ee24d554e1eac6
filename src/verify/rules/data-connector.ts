import type { JsonObject } from '../../domain/json.ts';
import { textsOf } from '../json-walk.ts';
import type { SubjectRule } from '../rule.ts';
import { sources } from '../sources.ts';
import { isOldBrand } from './package.ts';

/** Pages of data connectors: Data Connectors/<Name>.json. */
export const dataConnectorRules: readonly SubjectRule<JsonObject>[] = [
  {
    id: 'branding.data-connector',
    level: 'error',
    source: sources.validations,
    help: 'Write "Microsoft Sentinel".',
    check: (json) =>
      textsOf(json)
        .filter(({ name, text }) => /^description(Markdown)?$/.test(name) && isOldBrand(text))
        .map(({ pointer }) => ({ pointer, message: 'names Sentinel without Microsoft before it' })),
  },
];
