import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { type Handler, readJson } from '../http.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { type AzureSetting, lower } from './state.ts';

/** The data plane of key vaults, `/vaults/{vault}/secrets/{secret}` in place of a host for each vault. */
export function createKeyVaults({ state, world }: AzureSetting): Handler {
  const answer: Handler = async (request) => {
    const path = lower(decodeURIComponent(new URL(request.url).pathname));
    const [, vault = '', name] = /\/vaults\/([^/]+)\/secrets\/([^/]+)/.exec(path) ?? [];
    const caller = await world.entra.tokens.authenticate(request, ['https://vault.azure.net']);
    if ('problem' in caller)
      throw new ArmError(401, 'Unauthorized', `AKV10000: the access token is ${caller.problem}.`);
    const secrets = state.vaults.get(vault);
    if (!secrets || name === undefined) throw new ArmError(404, 'VaultNotFound', `There is no vault '${vault}'.`);
    if (state.troubles.forbidden.some((each) => each.test(`${lower(request.method)} ${path}`)))
      throw new ArmError(
        403,
        'Forbidden',
        'Caller is not authorized to perform action on resource. Assignment: (not found).',
      );
    if (request.method === 'PUT') {
      const body = await readJson(request);
      secrets.set(name, isJsonObject(body) ? (body as JsonObject) : {});
    }
    const secret = secrets.get(name);
    if (!secret)
      throw new ArmError(404, 'SecretNotFound', `A secret with (name/id) ${name} was not found in this key vault.`);
    return Response.json({ id: `https://${vault}.vault.azure.net/secrets/${name}/1`, ...secret });
  };
  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof ArmError) return error.toResponse();
      throw error;
    }
  };
}
