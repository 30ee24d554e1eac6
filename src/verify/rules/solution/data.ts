import { pointerStep } from '../../../domain/json-pointer.ts';
import { nameIn, partsOf } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import type { Solution } from '../../solution.ts';
import { memberOf, pointerOf } from '../../solution.ts';
import { sources } from '../../sources.ts';
import { rule } from '../rule-of.ts';
import { isOldBrand, isShortBrand } from './package.ts';

const KNOWN_MEMBERS = [
  'Name',
  'Author',
  'Logo',
  'Description',
  'Playbooks',
  'PlaybooksBladeDescription',
  'Workbooks',
  'WorkbookBladeDescription',
  'Analytic Rules',
  'AnalyticalRuleBladeDescription',
  'Hunting Queries',
  'HuntingQueryBladeDescription',
  'Parsers',
  'SavedSearches',
  'Data Connectors',
  'Watchlists',
  'WatchlistDescription',
  'WorkbookDescription',
  'PlaybookDescription',
  'Summary Rules',
  'BasePath',
  'Version',
  'Metadata',
  'TemplateSpec',
  'Is1PConnector',
  'StaticDataConnectorIds',
  'dependentDomainSolutionIds',
];

const RETIRED: readonly (readonly [form: RegExp, name: string])[] = [
  [/HTTP Data Collector/i, 'the HTTP Data Collector API, which is retired'],
  [/Graph Security API|Security Graph API/i, 'the Graph Security API of old, which is retired'],
];

/** Data/Solution_<Name>.json: what the packaging tool needs and reviewers ask for. */
export const solutionDataRules: readonly SubjectRule<Solution>[] = [
  rule(
    'data.members',
    'warning',
    sources.packagingTool,
    'Write the member as the tool expects it: it passes over what it does not know.',
    ({ json }) =>
      Object.keys(json).flatMap((name) => {
        const known = KNOWN_MEMBERS.find((one) => joined(one) === joined(name));
        return known === undefined
          ? [{ pointer: pointerStep(name), message: `"${name}" is not a member of the data file` }]
          : [];
      }),
  ),
  rule('data.required', 'warning', sources.packagingTool, 'Add the member.', ({ json }) =>
    ['Name', 'Author', 'Logo', 'Description', 'BasePath', 'Version', 'Metadata', 'Is1PConnector']
      .filter((name) => nameIn(json, name) === undefined)
      .map((name) => ({ pointer: '', message: `"${name}" is missing` })),
  ),
  rule(
    'data.name',
    'warning',
    sources.packagingTool,
    'Call the solution as its folder is called, with letters, digits and blanks only.',
    ({ json, folder }) => {
      const name = memberOf(json, 'Name');
      return [
        ...(folder === '' || name === folder
          ? []
          : [{ pointer: pointerOf(json, 'Name'), message: `the name is "${name}", the folder "${folder}"` }]),
        ...(/^[A-Za-z0-9 ]{1,100}$/.test(`${name}`)
          ? []
          : [{ pointer: pointerOf(json, 'Name'), message: `"${name}" has characters that reviewers refuse` }]),
      ];
    },
  ),
  rule('data.author', 'warning', sources.reviewGuide, 'Write "<organisation> - <e-mail address>".', ({ json }) =>
    /^\S.* - [^\s@]+@[^\s@]+\.[^\s@]+$/.test(`${memberOf(json, 'Author')}`)
      ? []
      : [{ pointer: pointerOf(json, 'Author'), message: `the author is "${memberOf(json, 'Author')}"` }],
  ),
  rule(
    'data.logo',
    'warning',
    sources.reviewGuide,
    'Put the logo into the folder Logos of the repository and write one <img> with its raw.githubusercontent.com address and 75px each way.',
    ({ json }) =>
      /^<img src="https:\/\/raw\.githubusercontent\.com\/Azure\/Azure-Sentinel\/master\/Logos\/[^"]+\.svg" width="75px" height="75px">$/.test(
        `${memberOf(json, 'Logo')}`,
      )
        ? []
        : [{ pointer: pointerOf(json, 'Logo'), message: `the logo is ${memberOf(json, 'Logo')}` }],
  ),
  rule(
    'data.description',
    'warning',
    sources.reviewGuide,
    'Describe the solution in up to 5,000 characters, without "$".',
    ({ json }) => {
      const text = `${memberOf(json, 'Description') ?? ''}`;
      const pointer = pointerOf(json, 'Description');
      return [
        ...(text.length > 5000 ? [{ pointer, message: `the description has ${text.length} characters` }] : []),
        ...(text.includes('$')
          ? [{ pointer, message: 'the description has a "$", which the packaging tool takes for a replacement' }]
          : []),
      ];
    },
  ),
  rule(
    'data.technologies',
    'warning',
    sources.reviewGuide,
    'Add a part "Underlying Microsoft technologies used:", with a link for each.',
    ({ json }) =>
      /underlying microsoft technolog/i.test(`${memberOf(json, 'Description') ?? ''}`)
        ? []
        : [
            {
              pointer: pointerOf(json, 'Description'),
              message: 'the description does not name the underlying Microsoft technologies',
            },
          ],
  ),
  rule('data.retired-technology', 'warning', sources.reviewGuide, 'Describe what the solution uses now.', ({ json }) =>
    RETIRED.filter(([form]) => form.test(`${memberOf(json, 'Description') ?? ''}`)).map(([, name]) => ({
      pointer: pointerOf(json, 'Description'),
      message: `the description names ${name}`,
    })),
  ),
  rule(
    'data.version',
    'warning',
    sources.packagingTool,
    'Write X.Y.Z with 3 as the first number: the tool makes 3.0.0 of anything lower.',
    ({ json }) =>
      /^3\.\d+\.\d+$/.test(`${memberOf(json, 'Version')}`)
        ? []
        : [{ pointer: pointerOf(json, 'Version'), message: `the version is "${memberOf(json, 'Version')}"` }],
  ),
  rule(
    'data.template-spec',
    'warning',
    sources.reviewGuide,
    'Set TemplateSpec to false: the tool ignores it for 3.x, the review bot asks for it.',
    ({ json }) =>
      memberOf(json, 'TemplateSpec') === false
        ? []
        : [{ pointer: pointerOf(json, 'TemplateSpec'), message: `TemplateSpec is ${memberOf(json, 'TemplateSpec')}` }],
  ),
  rule(
    'data.metadata',
    'error',
    sources.packagingTool,
    'Write "SolutionMetadata.json", after "Playbooks": the tool writes the package when it comes to this member.',
    ({ json, folder, file, paths }) => {
      const names = Object.keys(json).map((name) => name.toLowerCase());
      const pointer = pointerOf(json, 'Metadata');
      const late = names.indexOf('playbooks');
      return [
        ...(memberOf(json, 'Metadata') === 'SolutionMetadata.json'
          ? []
          : [{ pointer, message: `the metadata is "${memberOf(json, 'Metadata')}"` }]),
        ...(late > names.indexOf('metadata') && names.includes('metadata')
          ? [{ pointer, message: '"Metadata" comes before "Playbooks"' }]
          : []),
        ...(paths.has('solutionmetadata.json')
          ? []
          : [{ pointer, message: `there is no SolutionMetadata.json in the folder "${folder || file}"` }]),
      ];
    },
  ),
  rule(
    'data.base-path',
    'warning',
    sources.reviewGuide,
    "Remove the folders of one person's machine: C:\\GitHub\\Azure-Sentinel\\Solutions\\<Name> is what the guide shows.",
    ({ json }) => {
      const path = `${memberOf(json, 'BasePath') ?? ''}`;
      return /[\\/](?:Users|home)[\\/]/i.test(path)
        ? [{ pointer: pointerOf(json, 'BasePath'), message: `the path ${path} names a person's folder` }]
        : [];
    },
  ),
  rule('branding.data', 'error', sources.validations, 'Write "Microsoft Sentinel".', ({ json }) =>
    partsOf(json)
      .filter(({ name, value }) => /^description/i.test(name) && typeof value === 'string')
      .flatMap(({ pointer, value }) => {
        const isRead = /^\/description$/i.test(pointer);
        if (isOldBrand(`${value}`) && isRead) return [{ pointer, message: 'names Azure Sentinel' }];
        // The validation looks for it in the createUiDefinition that the tool generates from this text.
        const short = { pointer, message: 'names Sentinel without Microsoft before it', level: 'warning' as const };
        return isOldBrand(`${value}`) || isShortBrand(`${value}`) ? [short] : [];
      }),
  ),
];

/** The tool ignores case and blanks: "Analytic Rules", "analyticrules" and "AnalyticRules" are the same. */
function joined(name: string): string {
  return name.toLowerCase().replaceAll(' ', '');
}
