/** Hosts that the relay may call, as `host` or `host:port` in lower case. No response or message can add to them. */
export type AllowedHosts = ReadonlySet<string>;

/** Limit of a response in bytes. Log Analytics may send 64 MB, but a phone shows far less, and memory is shared. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export function allowedHosts(addresses: readonly string[]): AllowedHosts {
  return new Set(addresses.filter((address) => address !== '').map((address) => new URL(address).host.toLowerCase()));
}

/** A call to a host that the relay is not configured for. */
export class ForbiddenHostError extends Error {
  constructor(host: string) {
    super(`the relay does not call ${host}: it is not among the hosts it is configured for`);
    this.name = 'ForbiddenHostError';
  }
}

export function assertAllowed(address: string | URL, allowed: AllowedHosts): void {
  const { host } = new URL(address);
  if (!allowed.has(host.toLowerCase())) throw new ForbiddenHostError(host);
}
