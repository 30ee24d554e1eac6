import type { Application, DirectoryClient } from '../../azure/directory.ts';
import { UserError } from '../../domain/errors.ts';
import { APPLICATION_NAME } from '../../domain/roles.ts';
import type { IoClock } from '../io.ts';
import { patiently } from './patience.ts';

/**
 * The application of this run. One that was just created is remembered and not searched for, because a search does not find it
 * yet.
 */
export interface KnownApplication {
  find(): Promise<Application | undefined>;
  /** Object id of the service principal. */
  principal(): Promise<string | undefined>;
  /** Creates the application or service principal if missing, and returns the application. */
  ensure(): Promise<Application>;
  /** Runs a task, retrying while the directory does not know an application that this run created. */
  work<T>(task: () => Promise<T>): Promise<T>;
}

export function knownApplication(directory: DirectoryClient, clock: IoClock): KnownApplication {
  let made: Application | undefined;
  let principalId: string | undefined;

  async function find(): Promise<Application | undefined> {
    if (made) return made;
    const found = await directory.applications(APPLICATION_NAME);
    if (found.length > 1) throw several(found);
    return found[0];
  }
  async function principal(): Promise<string | undefined> {
    if (principalId !== undefined) return principalId;
    const application = await find();
    return application && directory.servicePrincipal(application.appId);
  }
  const work = <T>(task: () => Promise<T>) => (made || principalId !== undefined ? patiently(task, clock) : task());

  return {
    find,
    principal,
    work,
    async ensure() {
      const found = await find();
      if (!found) made = await directory.createApplication(APPLICATION_NAME);
      const application = found ?? made;
      if (!application) throw new Error('Entra made no application');
      if ((await principal()) === undefined)
        principalId = await work(() => directory.createServicePrincipal(application.appId));
      return application;
    },
  };
}

function several(found: readonly Application[]): UserError {
  const ids = found.map(({ appId }) => appId).join(', ');
  return new UserError(
    'setup.several-applications',
    `there are ${found.length} applications "${APPLICATION_NAME}": ${ids}`,
    {
      remedy:
        'Delete or rename all but the one that is in use (Entra admin center, App registrations), then run this again.',
    },
  );
}
