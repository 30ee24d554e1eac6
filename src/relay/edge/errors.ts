/** An HTTP error response. The message is sent to the caller and must not reveal internals. */
export class HttpError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 429 | 500 | 502 | 503 | 504;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: HttpError['status'],
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
