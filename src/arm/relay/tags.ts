import type { JsonObject } from '../../domain/json.ts';

/** Tag of all resources of a relay, by which `deploy` and `destroy` recognise them. */
export const RELAY_TAG = 'hidden-signl4-relay';
export const relayTags: JsonObject = { [RELAY_TAG]: "[parameters('AppName')]" };
