import type { EntityMembers } from './entity-members.ts';

/** A kind of entity, and what a person calls one of them. */
export interface EntityKind {
  /** As the REST API spells it. */
  readonly kind: string;
  /** Empty where the entity says nothing that names it. */
  readonly nameOf: (entity: EntityMembers) => string;
}
