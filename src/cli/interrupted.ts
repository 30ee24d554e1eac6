import { UserError } from '../domain/errors.ts';

/** The person ended the command at a question, with Ctrl-C or Ctrl-D. Ends the process with 130, as SIGINT does. */
export class Interrupted extends UserError {
  constructor(message = 'Interrupted. Nothing was done.', remedy?: string) {
    super('interrupted', message, remedy === undefined ? {} : { remedy });
    this.name = 'Interrupted';
  }
}
