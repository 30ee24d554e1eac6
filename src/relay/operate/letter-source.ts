import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../domain/errors.ts';
import { isJsonObject, listOf, member, memberAt, textOf } from '../../domain/json.ts';
import type { DeadLetter, DeadLetters } from '../store/store.ts';
import { type ShownLetter, showLetter } from './shown-letter.ts';

/** Access to dead letters, in the store itself or through a running relay. */
export interface LetterSource {
  /** All of them, oldest first, read in pages. */
  letters(): AsyncIterable<ShownLetter>;
  /** At most {@link PAGE_SIZE} ids at once; returns those that were found. */
  run(action: LetterAction, ids: readonly string[]): Promise<readonly string[]>;
}

export type LetterAction = 'replay' | 'drop';

/** Letters per page. */
export const PAGE_SIZE = 100;

/** For commands on the machine that has the store. */
export function lettersOfStore(deadLetters: DeadLetters): LetterSource {
  return {
    async *letters() {
      let last: DeadLetter | undefined;
      do {
        const page: readonly DeadLetter[] = await deadLetters.list(PAGE_SIZE, last);
        for (const letter of page) yield showLetter(letter);
        last = page.length < PAGE_SIZE ? undefined : page.at(-1);
      } while (last);
    },
    async run(action, ids) {
      const settled: string[] = [];
      for (const id of ids) if (await deadLetters[action](id)) settled.push(id);
      return settled;
    },
  };
}

/**
 * For a relay elsewhere, through `/api/dead-letters`. `authorization`: the header to send.
 * @throws UserError if the relay cannot be reached or refuses
 */
export function lettersOfRelay(address: string, authorization: Readonly<Record<string, string>>): LetterSource {
  const root = `${address.replace(/\/+$/, '')}/api/dead-letters`;

  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(root + path, {
        ...init,
        headers: { ...authorization, 'content-type': 'application/json' },
      });
    } catch (cause) {
      const remedy = 'Check the address (https://…, without a path) and whether the relay runs: /health/live.';
      throw new UserError('relay.unreachable', `no relay answers at ${new URL(root).host}`, { remedy, cause });
    }
    if (response.status === 429) {
      await sleep(Number(response.headers.get('retry-after') ?? 1) * 1000);
      return ask(path, init);
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && isJsonObject(body)) return body;
    const reason = textOf(memberAt(body, 'error', 'message')) ?? 'the answer is not one of a relay';
    const remedy = response.status === 401 ? 'Set RELAY_KEY to the key of that relay.' : 'Its log says more.';
    throw new UserError('relay.refused', `the relay refused (HTTP ${response.status}): ${reason}`, { remedy });
  }

  return {
    async *letters() {
      let next: string | undefined = '';
      while (next !== undefined) {
        const page: unknown = await ask(`?limit=${PAGE_SIZE}${next && `&after=${encodeURIComponent(next)}`}`);
        yield* listOf(member(page, 'deadLetters')) as readonly ShownLetter[];
        next = textOf(member(page, 'next'));
      }
    },
    async run(action, ids) {
      const answer = await ask(`/${action}`, { method: 'POST', body: JSON.stringify({ ids }) });
      return listOf(member(answer, 'settled')).flatMap((id) => textOf(id) ?? []);
    },
  };
}
