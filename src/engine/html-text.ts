const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML like .NET's WebUtility.HtmlEncode: Latin-1 letters and characters beyond the basic plane become numbers. */
export function htmlText(value: string): string {
  return value.replace(
    /[<>&"'\u00a0-\u00ff\u{10000}-\u{10ffff}]/gu,
    (one) => ENTITIES[one] ?? `&#${one.codePointAt(0)};`,
  );
}
