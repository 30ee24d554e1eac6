import { classifications } from '../domain/classification.ts';
import type { CallbackMapping, CloseChoice } from './choices.ts';
import type { WorkflowChoices } from './expressions.ts';

/** The callback mapping as workflow parameters. `owners`: SIGNL4 mail address to user principal name or object id. */
export function callbackParameters(
  mapping: CallbackMapping,
  close: CloseChoice,
  owners: Readonly<Record<string, string>>,
): WorkflowChoices {
  const lowerKeys = (table: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    CallbackActions: {
      type: 'Object',
      defaultValue: Object.fromEntries(
        Object.entries(mapping).map(([event, action]) => [event, withoutBlanks(action)]),
      ),
      description:
        'What each event of SIGNL4 does to the incident: status (New, Active, Closed or keep), assignOwner, tag, comment, severity (or keep). Fields of a comment: {{user.name}}, {{user.mail}}, {{team}}, {{note}}, {{alert.id}}, {{event.time}}.',
    },
    Classification: {
      type: 'String',
      defaultValue: close.classification,
      description: `How an incident is closed from SIGNL4: ${classifications.join(', ')}.`,
    },
    ClassificationComment: {
      type: 'String',
      defaultValue: close.comment,
      description: 'Comment of the classification. Fields as in CallbackActions.',
    },
    Hashtags: {
      type: 'Object',
      defaultValue: lowerKeys(close.hashtags),
      description:
        'Hashtag of a closing note, in lower case and without #, to the classification that it selects. The rest of the note becomes the comment.',
    },
    OwnerAccounts: {
      type: 'Object',
      defaultValue: lowerKeys(owners),
      description:
        'Mail address of a SIGNL4 user, in lower case, to the Entra user principal name or object id that becomes the owner. Who is not named: the mail address itself.',
    },
  };
}

/** An empty text reads as one that is left out, and the ARM template tests refuse it in a package. */
function withoutBlanks(action: CallbackMapping[keyof CallbackMapping]): Record<string, string | boolean> {
  return Object.fromEntries(Object.entries(action).filter(([, value]) => value !== ''));
}
