import { UserError } from './errors.ts';

/**
 * The address of a service without its last slash. Plain http is taken for this machine only, where tests and the
 * simulated world live; user, query and fragment have no place in it.
 * @throws UserError for anything else.
 */
export function checkedEndpoint(address: string): string {
  const url = URL.parse(address);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !isSafe || url.username || url.password || url.search || url.hash) {
    const remedy = 'Write https://host; http only works for 127.0.0.1 and localhost.';
    throw new UserError('usage.endpoint', `"${url?.host ?? address}" is no address of a service`, { remedy });
  }
  return url.href.replace(/\/+$/, '');
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
