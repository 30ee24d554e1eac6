import type { JsonObject } from '../../../domain/json.ts';

/** A createUiDefinition with the template it fills in, where that lies beside it. */
export interface CreateUi {
  readonly json: JsonObject;
  readonly template: JsonObject | undefined;
}
