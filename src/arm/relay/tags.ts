import type { JsonObject } from '../../domain/json.ts';

/** What the relay is made of carries this tag: that is how `deploy` and `destroy` know it. */
export const RELAY_TAG = 'hidden-signl4-relay';
export const relayTags: JsonObject = { [RELAY_TAG]: "[parameters('AppName')]" };
