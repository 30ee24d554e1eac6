import { UserError } from '../../domain/errors.ts';
import { LeaseLostError, type RelayStore } from './store.ts';
import { StoreError, storeError } from './store-error.ts';

/*
 * Protocol for calling a store in its own thread: messages with method names and arguments, and messages with results, each for
 * several calls at once.
 */

/** Every method of a store by name. */
export function storeCalls({ inbox, deadLetters, forwards, ...store }: RelayStore) {
  return {
    accept: inbox.accept,
    take: inbox.take,
    complete: inbox.complete,
    retry: inbox.retry,
    deadLetter: inbox.deadLetter,
    recover: inbox.recover,
    counts: inbox.counts,
    oldestPending: inbox.oldestPending,
    listDead: deadLetters.list,
    replay: deadLetters.replay,
    drop: deadLetters.drop,
    claim: forwards.claim,
    mark: forwards.mark,
    release: forwards.release,
    getMark: forwards.get,
    see: forwards.see,
    readCursor: store.readCursor,
    writeCursor: store.writeCursor,
    prune: store.prune,
    check: store.check,
    close: store.close,
  };
}
export type StoreCalls = ReturnType<typeof storeCalls>;

export interface StoreCall {
  readonly nr: number;
  readonly name: keyof StoreCalls;
  readonly args: readonly unknown[];
}
export type StoreAnswer =
  | { readonly nr: number; readonly value: unknown }
  | { readonly nr: number; readonly failure: StoreFailure };

/** Errors lose their class when sent between threads; this keeps it. */
export interface StoreFailure {
  readonly kind: 'lease-lost' | 'store' | 'user' | 'other';
  readonly message: string;
  readonly code?: string;
  readonly file?: string;
  readonly remedy?: string | undefined;
  readonly stack?: string | undefined;
}

export function failureOf(thrown: unknown, file: string): StoreFailure {
  const error = storeError(thrown, file);
  if (error instanceof LeaseLostError) return { kind: 'lease-lost', message: error.session };
  if (error instanceof StoreError) return { kind: 'store', message: error.message, code: error.code };
  if (error instanceof UserError) {
    const { message, code, remedy, where } = error;
    return { kind: 'user', message, code, remedy, ...(where.file !== undefined && { file: where.file }) };
  }
  if (!(error instanceof Error)) return { kind: 'other', message: String(error) };
  return { kind: 'other', message: error.message, stack: error.stack };
}

export function errorOf({ kind, message, code = '', file, remedy, stack }: StoreFailure): Error {
  switch (kind) {
    case 'lease-lost':
      return new LeaseLostError(message);
    case 'store':
      return new StoreError(code, message);
    case 'user': {
      const where = file === undefined ? {} : { file };
      return new UserError(code, message, { where, ...(remedy !== undefined && { remedy }) });
    }
    case 'other':
      return Object.assign(new Error(message), { stack });
  }
}
