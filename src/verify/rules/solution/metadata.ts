import type { JsonObject } from '../../../domain/json.ts';
import { at, listAt, textAt } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { rule } from '../rule-of.ts';
import { categoryProblems, supportProblems } from './package.ts';

/** SolutionMetadata.json. */
export const solutionMetadataRules: readonly SubjectRule<JsonObject>[] = [
  rule(
    'metadata.publisher',
    'warning',
    sources.reviewGuide,
    'Write the publisher id of Partner Center: a lower-case letter, then up to 49 lower-case letters and digits.',
    (json) =>
      /^[a-z][a-z0-9]{0,49}$/.test(textAt(json, 'publisherId') ?? '')
        ? []
        : [{ pointer: '/publisherId', message: `the publisherId is "${json['publisherId']}"` }],
  ),
  rule(
    'metadata.offer',
    'warning',
    sources.reviewGuide,
    'Write the offer id of Partner Center: lower case, no dots, at most 50 characters, and "sentinel" in it for a partner.',
    (json) => {
      const id = textAt(json, 'offerId') ?? '';
      const needsSentinel = textAt(json, 'support', 'tier') === 'Partner';
      return /^[a-z0-9_-]{1,50}$/.test(id) && (!needsSentinel || id.includes('sentinel'))
        ? []
        : [{ pointer: '/offerId', message: `the offerId is "${id}"` }];
    },
  ),
  rule(
    'metadata.dates',
    'warning',
    sources.reviewGuide,
    'Write YYYY-MM-DD, lastPublishDate not before firstPublishDate.',
    (json) => {
      const [first, last] = [textAt(json, 'firstPublishDate') ?? '', textAt(json, 'lastPublishDate')];
      return [
        ...(isDay(first) ? [] : [{ pointer: '/firstPublishDate', message: `the firstPublishDate is "${first}"` }]),
        ...(last === undefined || (isDay(last) && last >= first)
          ? []
          : [{ pointer: '/lastPublishDate', message: `the lastPublishDate is "${last}"` }]),
      ];
    },
  ),
  rule(
    'metadata.providers',
    'warning',
    sources.reviewGuide,
    'Name the provider of the service: ["Contoso"].',
    (json) =>
      listAt(json, 'providers').some((one) => typeof one === 'string' && one !== '')
        ? []
        : [{ pointer: '/providers', message: 'there are no providers' }],
  ),
  rule(
    'metadata.categories',
    'error',
    sources.solutionValidator,
    "Choose from the validator's list, in its spelling: docs/verify.md has it.",
    (json) => categoryProblems('/categories', at(json, 'categories')),
  ),
  rule(
    'metadata.support',
    'error',
    sources.solutionValidator,
    'Give name, tier (Microsoft, Partner or Community), and an e-mail address or a link.',
    (json) => [...supportProblems('/support', at(json, 'support'))],
  ),
  rule(
    'metadata.contact',
    'warning',
    sources.reviewGuide,
    'Give both, an e-mail address and an https link.',
    (json) => [
      ...(/^https:\/\//.test(textAt(json, 'support', 'link') ?? '')
        ? []
        : [{ pointer: '/support/link', message: 'the link is not an https link' }]),
      ...(textAt(json, 'support', 'email')
        ? []
        : [{ pointer: '/support/email', message: 'the e-mail address is missing' }]),
    ],
  ),
];

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
