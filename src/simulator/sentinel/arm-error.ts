/** An error as Azure Resource Manager answers it: `{"error":{"code","message"}}`. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'ArmError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toResponse(): Response {
    const error = { code: this.code, message: this.message };
    return Response.json({ error }, { status: this.status, headers: this.headers });
  }
}

export function badRequest(message: string): ArmError {
  return new ArmError(400, 'BadRequest', message);
}

export function notFound(what: string): ArmError {
  return new ArmError(404, 'NotFound', `${what} was not found`);
}
