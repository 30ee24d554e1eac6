import { UserError } from '../domain/errors.ts';

/** The user pressed Ctrl-C or Ctrl-D at a question. The exit code is 130, as after SIGINT. */
export class Interrupted extends UserError {
  constructor(message = 'Interrupted. Nothing was done.', remedy?: string) {
    super('interrupted', message, remedy === undefined ? {} : { remedy });
    this.name = 'Interrupted';
  }
}
