import type { JsonObject } from '../../../domain/json.ts';

/** A createUiDefinition with its template, if that is in the same folder. */
export interface CreateUi {
  readonly json: JsonObject;
  readonly template: JsonObject | undefined;
}
