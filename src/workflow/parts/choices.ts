import { productNames } from '../../domain/products.ts';
import type { FriendlyNames } from '../../rules/choices.ts';
import type { ListParameter } from '../../rules/filter-targets.ts';
import { call, type Expr, parameter } from '../../wdl/build.ts';
import type { Choices } from '../workflow.ts';

/* Choices shared by several playbooks. Each is a deployment parameter that becomes the default of a workflow parameter. */

/** Where alerts go. */
export const teamChoice: Choices = {
  TeamSecret: {
    type: 'SecureString',
    description: 'Secret of the SIGNL4 team that is paged: the last part of its inbound webhook address.',
  },
};

/** The tag that marks what was sent. */
export const tagChoice = (tag: string): Choices => ({
  Tag: { type: 'String', defaultValue: tag, description: 'Tag of incidents that were sent to SIGNL4.' },
});

/** As filters of lists take times. */
export const LIST_TIME = 'yyyy-MM-ddTHH:mm:ssZ';
/** The beginning of the choice `LookBackHours`. */
export const hoursAgo: Expr = call('addHours', call('utcNow'), call('mul', parameter('LookBackHours'), -1), LIST_TIME);

/** Lists used by a filter. */
export const listChoices = (lists: readonly ListParameter[]): Choices =>
  Object.fromEntries(
    lists.map(({ name, says, values }) => [
      name,
      { type: 'Array' as const, defaultValue: [...values], description: says },
    ]),
  );

/** Settings of the relay, only for playbooks of a configuration that has one. */
export const relayChoices = (url: string): Choices => ({
  RelayUrl: {
    type: 'String',
    defaultValue: url,
    description: 'Address of the relay that writes the alert, without a slash at the end.',
  },
  RelayKey: { type: 'SecureString', description: 'Key of the relay.' },
});

/** Built-in product names overridden by those of the config. Lookups ignore case, as do names of JSON members here. */
export function productTable({ products }: FriendlyNames): Readonly<Record<string, string>> {
  const names = [...Object.entries(productNames), ...Object.entries(products)];
  const byLowerCase = new Map(names.map(([name, friendly]) => [name.toLowerCase(), [name, friendly] as const]));
  return Object.fromEntries(byLowerCase.values());
}
