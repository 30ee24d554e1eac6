import { commentMarker } from '../../rules/comment.ts';
import { forwardedTag } from '../../rules/filter-wdl.ts';
import { type Expr, raw } from '../expression.ts';
import type { Start, Step } from '../step.ts';
import { terminate } from '../steps/terminate.ts';
import { type Page, sentComment } from './page-somebody.ts';
import { putComment } from './resource-manager.ts';
import { pauseAfter, succeeded, untilItHolds, update } from './update-incident.ts';

interface Sent {
  readonly page: Page;
  readonly incidentArmId: Expr;
  /** GUID of the comment: the incident's own, so that a second run writes the same one. */
  readonly commentId: Expr;
}

/** The tag, so that nobody is paged twice; `isTagged` holds after the loop. */
export function tagAsSent({ incidentArmId }: Sent): {
  readonly loop: Step;
  readonly check: Step;
  readonly isTagged: Expr;
} {
  const what = 'Tag the incident';
  const tag = update(what, {
    description: 'The tag says that SIGNL4 has it.',
    body: { incidentArmId, tagsToAdd: { TagsToAdd: [{ Tag: raw(forwardedTag) }] } },
  });
  const isTagged = succeeded(tag);
  const steps = [tag, pauseAfter(what, { on: ['Failed', 'TimedOut'] })];
  return { ...untilItHolds(what, { steps, done: isTagged }), isTagged };
}

/** A comment with the id of the SIGNL4 event. */
export function commentAsSent({ page, incidentArmId, commentId }: Sent, start: Start = {}): Step {
  return putComment('Comment on the incident', {
    ...start,
    description: 'Says in the incident that somebody was paged, with the id of the SIGNL4 event.',
    incidentArmId,
    commentId,
    message: sentComment(commentMarker, page),
  });
}

/**
 * What follows a page: tag and comment. Where SIGNL4 was not reached, a comment says so instead, and the run fails: the sweep
 * will find the incident without its tag.
 */
export function markAsSent(sent: Sent): readonly Step[] {
  const { page, incidentArmId, commentId } = sent;
  const { loop, check } = tagAsSent(sent);
  return [
    loop,
    commentAsSent(sent, { on: 'finished' }),
    check,
    putComment('Say that nobody was paged', {
      description: 'SIGNL4 was not reached after all tries. The sweep will try again.',
      after: [page.step],
      on: ['Failed', 'TimedOut'],
      incidentArmId,
      commentId,
      message: `${commentMarker}could not be reached. Nobody was paged yet.`,
    }),
    terminate('Nobody was paged', {
      description: 'Shows the run as failed, so that somebody looks.',
      on: 'finished',
      as: 'Failed',
      code: 'Signl4NotReached',
      message: 'SIGNL4 did not take the event. See the action that sends it for the answer.',
    }),
  ];
}
