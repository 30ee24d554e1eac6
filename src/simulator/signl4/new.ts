import type { Scenario } from './resources.ts';

export interface NewTeam {
  readonly name: string;
  readonly secret?: string;
  readonly escalateAfterMinutes?: number;
  readonly noResponseAfterMinutes?: number;
  readonly scenario?: Scenario;
  readonly categories?: readonly string[];
}

export interface NewUser {
  readonly username: string;
  readonly displayname: string;
  readonly mail: string;
}

/** What an event says about the alert that it raises. */
export interface NewAlert {
  readonly title: string;
  readonly text: string;
  readonly externalId: string;
  readonly category?: string;
  readonly severity?: number;
  readonly scenario?: Scenario | undefined;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly location?: string;
  readonly sourceSystem?: string;
  readonly eventId?: string;
}
