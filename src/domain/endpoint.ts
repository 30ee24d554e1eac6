import { UserError } from './errors.ts';

/**
 * A service address without trailing slash. Plain http is only allowed for this machine (tests and simulator); user, query and
 * fragment are not allowed.
 * @throws UserError for anything else
 */
export function checkedEndpoint(address: string): string {
  const url = encryptedUrl(address);
  if (!url || url.search || url.hash) {
    const remedy = 'Write https://host; http only works for 127.0.0.1 and localhost.';
    throw new UserError('usage.endpoint', `"${URL.parse(address)?.host ?? address}" is not an address of a service`, {
      remedy,
    });
  }
  return url.href.replace(/\/+$/, '');
}

/** An https address without user and password, or an http address of this machine; undefined for anything else. */
export function encryptedUrl(address: string): URL | undefined {
  const url = URL.parse(address);
  if (!url || url.username || url.password) return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url : undefined;
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
