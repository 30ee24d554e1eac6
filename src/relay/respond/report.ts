import type { LateRefusal, Refusal } from '../../rules/respond.ts';

/** What became of a command; holds no note and no person. `incident`: external id. `response`: word of the list. */
export type RespondReport =
  | { readonly outcome: 'refused'; readonly incident: string; readonly reason: Refusal | LateRefusal }
  /** `uncertain`: Sentinel was called, and nobody knows what came of it. `repeated`: the note was answered before. */
  | {
      readonly outcome: 'started' | 'not-started' | 'uncertain' | 'repeated';
      readonly incident: string;
      readonly response: string;
    }
  /** `state`: of the run, as Logic Apps names it; empty: it cannot be seen. */
  | { readonly outcome: 'ended'; readonly incident: string; readonly response: string; readonly state: string };
