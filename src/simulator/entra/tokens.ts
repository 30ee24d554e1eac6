import {
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { Clock } from '../clock.ts';
import type { Directory, Principal, ResourceApp } from './directory.ts';

/** One key for all worlds of a process: making it takes longer than most tests. */
let keyPair: ReturnType<typeof generateKeyPair> | undefined;
const KEY_ID = 'simulator-key-1';

function signingKeys(): ReturnType<typeof generateKeyPair> {
  keyPair ??= generateKeyPair('RS256', { extractable: true });
  return keyPair;
}

export interface TokenRequest {
  readonly principal: Principal;
  readonly resource: ResourceApp;
  /** Seconds; Entra gives about an hour to applications and a day to managed identities. */
  readonly lifetime?: number;
  /** Put over the usual claims: for tokens that must be refused. */
  readonly claims?: JWTPayload;
}

export type Authentication =
  | { readonly principal: Principal; readonly claims: JWTPayload }
  | { readonly problem: 'missing' | 'invalid' | 'expired' | 'audience' };

/** Signs and checks the tokens of one tenant (RS256, claims as in Entra's access tokens for applications). */
export class Tokens {
  readonly tenantId: string;
  readonly #clock: Clock;
  readonly #directory: Directory;

  constructor(tenantId: string, clock: Clock, directory: Directory) {
    this.tenantId = tenantId;
    this.#clock = clock;
    this.#directory = directory;
  }

  async issue({ principal, resource, lifetime = 3_599, claims }: TokenRequest): Promise<string> {
    const { privateKey } = await signingKeys();
    return new SignJWT({ ...this.#claims(principal, resource, lifetime), ...claims })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: KEY_ID })
      .sign(privateKey);
  }

  /** The key set that `jwks_uri` answers. */
  async keys(): Promise<JSONWebKeySet> {
    const { publicKey } = await signingKeys();
    return { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, use: 'sig', alg: 'RS256' }] };
  }

  issuer(version: 1 | 2): string {
    return version === 1
      ? `https://sts.windows.net/${this.tenantId}/`
      : `https://login.microsoftonline.com/${this.tenantId}/v2.0`;
  }

  /** Who sends a request to a service that answers to these resources. */
  async authenticate(request: Request, resources: readonly string[]): Promise<Authentication> {
    const token = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (token === undefined) return { problem: 'missing' };
    try {
      if (decodeProtectedHeader(token).kid !== KEY_ID) return { problem: 'invalid' };
      const { publicKey } = await signingKeys();
      const { payload } = await jwtVerify(token, publicKey, { currentDate: new Date(this.#clock.now()) });
      const principal = this.#directory.find(String(payload['oid']));
      const isForUs = resources.some((uri) => this.#directory.findResource(String(payload.aud))?.uri === uri);
      if (!isForUs) return { problem: 'audience' };
      return principal ? { principal, claims: payload } : { problem: 'invalid' };
    } catch (error) {
      const isExpired = error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED';
      return { problem: isExpired ? 'expired' : 'invalid' };
    }
  }

  #claims(principal: Principal, resource: ResourceApp, lifetime: number): JWTPayload {
    const now = Math.floor(this.#clock.now() / 1_000);
    const { tokenVersion: version, uri, appId } = resource;
    const roles = principal.appRoles?.[uri];
    const client = principal.appId ?? principal.objectId;
    return {
      aud: version === 1 ? uri : appId,
      iss: this.issuer(version),
      iat: now,
      nbf: now,
      exp: now + lifetime,
      ...(version === 1 ? { appid: client, appidacr: '1' } : { azp: client, azpacr: '1' }),
      ...(principal.kind === 'User' ? { upn: principal.userPrincipalName } : { idtyp: 'app' }),
      oid: principal.objectId,
      sub: principal.objectId,
      tid: this.tenantId,
      ...(roles && { roles: [...roles] }),
      ver: `${version}.0`,
    };
  }
}
