/** Hosts that the relay may call, as `host` or `host:port` in lower case. Whatever an answer or a message says, no other. */
export type AllowedHosts = ReadonlySet<string>;

/** Bytes of one answer. Log Analytics may send 64 MB; what a phone shows fits into far less, and memory is shared. */
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
