import type { Application, DirectoryClient } from '../../azure/directory.ts';
import type { KeyVault } from '../../azure/key-vault.ts';
import { UserError } from '../../domain/errors.ts';
import type { IoClock } from '../io.ts';
import type { KnownApplication } from './application.ts';
import { patiently } from './patience.ts';
import type { SetupStep } from './step.ts';

/** The client secret: created, stored or shown exactly once, tested, and the previous one removed. */

const DAY_MS = 86_400_000;
const SECRET_DAYS = 365;
/** Days before expiry from which a secret is renewed. */
const RENEWAL_DAYS = 30;
/** Name of our secrets in the application; secrets with other names are left alone. */
const LABEL = 'signl4-sentinel';
/** Name in the key vault, shared with the scripts that `build` writes. */
const VAULT_SECRET = 'signl4-sentinel-client-secret';

export interface SecretChoices {
  readonly rotate: boolean;
  /** Where to store it; undefined: it is shown. */
  readonly vault: KeyVault | undefined;
  readonly clock: IoClock;
  /** Rejects if signing in with the secret fails (so far). */
  readonly signIn: (clientId: string, secret: string) => Promise<void>;
}

export function secretStep(
  application: KnownApplication,
  directory: DirectoryClient,
  choices: SecretChoices,
): SetupStep {
  const { rotate, vault, clock } = choices;
  return {
    title: 'Secret of the application',
    async look() {
      const found = await application.find();
      if (!found) return { kind: 'todo' };
      const days = daysLeft(found, clock.now());
      if (days < 0) return { kind: 'todo', note: 'there is none that is valid' };
      return { kind: rotate || days < RENEWAL_DAYS ? 'todo' : 'done', note: `valid for ${days} days` };
    },
    async apply(tell) {
      const found = await application.find();
      if (!found) throw new UserError('setup.no-application', 'the application is not there, so it has no secret');
      // Check access to the vault before creating a secret that could get lost.
      const before = await vault?.find(VAULT_SECRET);
      const ends = new Date(clock.now() + SECRET_DAYS * DAY_MS).toISOString();
      const { keyId, text } = await application.work(() => directory.addSecret(found.id, LABEL, ends));
      const show = () => tell(`Client secret (shown this one time, ends ${ends.slice(0, 10)}): ${text}`);
      if (!vault) show();
      else if (await isStored(vault, { value: text, ends, tags: { keyId } }))
        tell(`Client secret: in the key vault as "${VAULT_SECRET}", ends ${ends.slice(0, 10)}`);
      else await takeBack(found, keyId, show);
      // Remove the old secret only after the new one works.
      if (rotate) await prove(found.appId, text);
      const isReplaced = (old: Application['secrets'][number]) =>
        old.name === LABEL &&
        (Date.parse(old.ends) < clock.now() || (rotate && vault !== undefined && old.keyId === before?.tags['keyId']));
      for (const old of found.secrets.filter(isReplaced)) await directory.removeSecret(found.id, old.keyId);
    },
  };

  /** Tests the new secret, then removes the previous ones. */
  async function prove(clientId: string, text: string): Promise<void> {
    try {
      await patiently(
        () => choices.signIn(clientId, text),
        clock,
        () => true,
      );
    } catch (cause) {
      throw new UserError('setup.secret-fails', 'the new secret is there and does not sign in yet', {
        remedy: 'Secrets before it were left as they are. Try the new one in some minutes.',
        cause,
      });
    }
  }

  async function isStored(into: KeyVault, secret: Parameters<KeyVault['store']>[1]): Promise<boolean> {
    try {
      await into.store(VAULT_SECRET, secret);
      return (await into.find(VAULT_SECRET))?.value === secret.value;
    } catch {
      return false;
    }
  }

  /** Removes a secret that could not be stored. If that fails too, the user must be shown it. */
  async function takeBack(found: Application, keyId: string, show: () => void): Promise<never> {
    try {
      await directory.removeSecret(found.id, keyId);
    } catch {
      show();
    }
    throw new UserError('setup.key-vault', 'the key vault does not take the secret', {
      remedy:
        'Ask for the role Key Vault Secrets Officer on the vault, then run this again; or leave out --key-vault to have it shown.',
    });
  }
}

function daysLeft({ secrets }: Application, now: number): number {
  return Math.floor((Math.max(0, ...secrets.map(({ ends }) => Date.parse(ends))) - now) / DAY_MS);
}
