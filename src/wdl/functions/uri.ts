import type { WdlValue } from '../values.ts';
import type { FunctionDefinition } from './signature.ts';
import { define, functionError, text } from './signature.ts';

/** Ports that .NET knows beyond those that a URL drops by itself. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'ws:': 80,
  'wss:': 443,
  'ftp:': 21,
  'gopher:': 70,
  'ldap:': 389,
  'mailto:': 25,
  'net.tcp:': 808,
  'nntp:': 119,
  'telnet:': 23,
};

function uriFunction(name: string, read: (uri: URL) => WdlValue): FunctionDefinition {
  return define(name, [text('uri')], ([uri]) => {
    if (!URL.canParse(uri)) {
      throw functionError(
        name,
        `expects its parameter to be an absolute URI. The provided value '${uri.slice(0, 200)}' is not valid`,
        'wdl.argument-value',
        'An absolute URI starts with a scheme: https://contoso.com/path',
      );
    }
    return read(new URL(uri));
  });
}

/** .NET answers -1 where neither the URI nor its scheme says. */
function portOf({ port, protocol }: URL): number {
  return port === '' ? (DEFAULT_PORTS[protocol] ?? -1) : Number(port);
}

/** Reference: "URI parsing functions". */
export const uriFunctions: readonly FunctionDefinition[] = [
  uriFunction('uriHost', (uri) => uri.hostname),
  uriFunction('uriPath', (uri) => uri.pathname || '/'),
  uriFunction('uriPathAndQuery', (uri) => (uri.pathname || '/') + uri.search),
  uriFunction('uriPort', portOf),
  uriFunction('uriQuery', (uri) => uri.search),
  uriFunction('uriScheme', (uri) => uri.protocol.slice(0, -1)),
];
