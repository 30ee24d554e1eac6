import type { LateRefusal, Refusal } from '../../rules/respond.ts';

/** Result of a command, without note or person. `incident`: external id. `response`: its name in the list. */
export type RespondReport =
  | { readonly outcome: 'refused'; readonly incident: string; readonly reason: Refusal | LateRefusal }
  /** `uncertain`: Sentinel was called with unknown result. `repeated`: the note was handled before. */
  | {
      readonly outcome: 'started' | 'not-started' | 'uncertain' | 'repeated';
      readonly incident: string;
      readonly response: string;
    }
  /** `state`: of the run, as Logic Apps names it; empty: cannot be read. */
  | { readonly outcome: 'ended'; readonly incident: string; readonly response: string; readonly state: string };
