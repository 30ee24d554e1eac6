import type { Row } from './row.ts';
import { fails, gives } from './row.ts';

export const uriRows: readonly Row[] = [
  gives("uriHost('https://www.localhost.com:8080')", 'www.localhost.com'),
  fails("uriHost('www.contoso.com')", 'wdl.argument-value', 'to be an absolute URI'),
  gives("uriPath('https://www.contoso.com/catalog/shownew.htm?date=today')", '/catalog/shownew.htm'),
  gives("uriPath('https://www.contoso.com')", '/'),
  fails('uriPath(null)', 'wdl.argument-type', "type 'Null'"),
  gives("uriPathAndQuery('https://www.contoso.com?date=today')", '/?date=today'),
  gives("uriPathAndQuery('https://www.contoso.com/a')", '/a'),
  fails("uriPathAndQuery('')", 'wdl.argument-value', 'to be an absolute URI'),
  gives("uriPort('https://www.localhost:8080')", 8080),
  gives("uriPort('https://www.localhost')", 443),
  gives("uriPort('http://www.localhost')", 80),
  gives("uriPort('ftp://www.localhost/x')", 21),
  fails("uriPort('/relative')", 'wdl.argument-value', "function 'uriPort'"),
  gives("uriQuery('https://www.contoso.com/catalog?a=1&b=2#top')", '?a=1&b=2'),
  gives("uriQuery('https://www.contoso.com/catalog')", ''),
  fails('uriQuery(5)', 'wdl.argument-type', "type 'Integer'"),
  gives("uriScheme('HTTPS://www.contoso.com')", 'https'),
  fails("uriScheme('no scheme')", 'wdl.argument-value', 'to be an absolute URI'),
];
