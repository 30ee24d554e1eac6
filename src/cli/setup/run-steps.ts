import { UserError } from '../../domain/errors.ts';
import type { Io } from '../io.ts';
import { liveError } from '../live-error.ts';
import type { SetupStep, StepState } from './step.ts';

/** State of a step before or after it was applied. */
export interface StepOutcome {
  readonly title: string;
  readonly state: StepState;
  /** What the user must know now, such as a new secret. */
  readonly told?: string;
}

/**
 * Applies the steps in order, because later ones look for what earlier ones created. A step that fails does not stop the others.
 * `report` receives each outcome, and `tell` what the user must know, immediately: a secret that is shown only once must not get
 * lost if a later step crashes.
 */
export async function applySteps(
  steps: readonly SetupStep[],
  io: Io,
  {
    report = () => {},
    tell = () => {},
  }: { report?: (outcome: StepOutcome) => void; tell?: (text: string) => void } = {},
): Promise<readonly StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const step of steps) {
    const told: string[] = [];
    let state = await orBlocked(step.look);
    if (state.kind === 'todo' || state.kind === 'unseen') {
      if (io.isTerminal) io.note(`${step.title} …`);
      const before: StepState = { ...state, kind: 'todo' };
      state = await orBlocked(async () => {
        await step.apply((text) => {
          told.push(text);
          tell(text);
        });
        return before;
      });
    }
    const outcome = { title: step.title, state, ...(told.length > 0 && { told: told.join('\n') }) };
    outcomes.push(outcome);
    report(outcome);
  }
  return outcomes;
}

export function lookAt(steps: readonly SetupStep[]): Promise<readonly StepOutcome[]> {
  return Promise.all(steps.map(async ({ title, look }) => ({ title, state: await orBlocked(look) })));
}

/** An error of Azure or SIGNL4 blocks the step; a missing sign-in ends the run. */
async function orBlocked(attempt: () => Promise<StepState>): Promise<StepState> {
  try {
    return await attempt();
  } catch (error) {
    const told = liveError(error, '');
    if (!(told instanceof UserError) || told.code === 'azure.sign-in') throw error;
    return { kind: 'blocked', reason: [told.message, told.remedy].filter(Boolean).join('. ') };
  }
}

export function stepsAsJson(outcomes: readonly StepOutcome[]) {
  return outcomes.map(({ title, state, told }) => ({ title, ...state, told }));
}

export const planned = { done: 'in place', todo: 'to do', unseen: 'not seen', blocked: 'blocked' } as const;
export const applied = { done: 'in place', todo: 'done', unseen: 'done', blocked: 'blocked' } as const;

export function stepLine({ title, state }: StepOutcome, words: Readonly<Record<StepState['kind'], string>>): string {
  const detail = state.kind === 'blocked' ? state.reason : state.note;
  return `${words[state.kind].padEnd(8)} ${title}${detail === undefined ? '' : ` (${detail})`}`;
}
