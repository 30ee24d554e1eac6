/** One part of a multipart body: headers as written, with the length of its content. */
interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** Parts of a multipart body (RFC 2046): between boundaries, each headers, an empty line, content. None without a boundary. */
export function multipartParts(body: Buffer, contentType: string): Part[] {
  const match = /\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return [];
  // Latin-1 keeps every byte as one character.
  const sections = body.toString('latin1').split(`--${Buffer.from(boundary, 'utf8').toString('latin1')}`);
  return sections
    .slice(1)
    .filter((section) => !section.startsWith('--'))
    .map(readPart);
}

function readPart(section: string): Part {
  const from = section.startsWith('\r\n') ? 2 : section.startsWith('\n') ? 1 : 0;
  const hasNoHeaders = section.startsWith('\r\n', from) || section.startsWith('\n', from);
  const gap = hasNoHeaders ? undefined : emptyLine(section, from);
  const head = gap === undefined ? '' : section.slice(from, gap.start);
  const start = hasNoHeaders ? section.indexOf('\n', from) + 1 : (gap?.end ?? section.length);
  const end = section.endsWith('\r\n')
    ? section.length - 2
    : section.endsWith('\n')
      ? section.length - 1
      : section.length;
  const bytes = Buffer.from(section.slice(start, Math.max(start, end)), 'latin1');
  const headers = Object.fromEntries(head.split(/\r?\n/).flatMap(readHeader));
  return { headers: { ...headers, 'Content-Length': String(bytes.length) }, bytes };
}

function emptyLine(section: string, from: number): { readonly start: number; readonly end: number } | undefined {
  const crlf = section.indexOf('\r\n\r\n', from);
  const lf = section.indexOf('\n\n', from);
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { start: crlf, end: crlf + 4 };
  return lf < 0 ? undefined : { start: lf, end: lf + 2 };
}

function readHeader(line: string): [string, string][] {
  const colon = line.indexOf(':');
  return colon < 1
    ? []
    : [[line.slice(0, colon).trim(), Buffer.from(line.slice(colon + 1).trim(), 'latin1').toString('utf8')]];
}
