// Microsoft ships the parser as two scripts that add globals; the type of what we use of it is in parser.ts.
declare module '@kusto/language-service-next/bridge.min.js';
declare module '@kusto/language-service-next/Kusto.Language.Bridge.min.js';
