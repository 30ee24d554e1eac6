import type { Json, JsonObject } from '../../domain/json.ts';
import { step } from '../json-text.ts';
import { at, listAt, nameIn, partsOf, textAt } from '../json-walk.ts';
import type { SubjectRule, Violation } from '../rule.ts';
import type { Solution } from '../solution.ts';
import { sources } from '../sources.ts';
import { categoryProblems, isOldBrand, supportProblems } from './package.ts';

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

/** Data/Solution_<Name>.json: what the packaging tool needs and reviewers ask for. */
export const solutionDataRules: readonly SubjectRule<Solution>[] = [
  rule(
    'data.members',
    'error',
    sources.packagingTool,
    'Write the member as the tool expects it: it passes over what it does not know.',
    ({ json }) =>
      Object.keys(json).flatMap((name) => {
        const known = KNOWN_MEMBERS.find((one) => joined(one) === joined(name));
        if (known === undefined) return [{ pointer: step(name), message: `"${name}" is no member of the data file` }];
        return known !== name && isMisspelt(name, known)
          ? [{ pointer: step(name), message: `"${name}" should be "${known}"` }]
          : [];
      }),
  ),
  rule('data.required', 'error', sources.packagingTool, 'Add the member.', ({ json }) =>
    ['Name', 'Author', 'Logo', 'Description', 'BasePath', 'Version', 'Metadata', 'Is1PConnector']
      .filter((name) => nameIn(json, name) === undefined)
      .map((name) => ({ pointer: '', message: `"${name}" is missing` })),
  ),
  rule(
    'data.name',
    'error',
    sources.packagingTool,
    'Call the solution as its folder is called, with letters, digits and blanks only.',
    ({ json, folder }) => {
      const name = member(json, 'Name');
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
  rule('data.author', 'error', sources.reviewGuide, 'Write "<organisation> - <e-mail address>".', ({ json }) =>
    /^\S.* - [^\s@]+@[^\s@]+\.[^\s@]+$/.test(`${member(json, 'Author')}`)
      ? []
      : [{ pointer: pointerOf(json, 'Author'), message: `the author is "${member(json, 'Author')}"` }],
  ),
  rule(
    'data.logo',
    'error',
    sources.reviewGuide,
    'Put the logo into the folder Logos of the repository and write one <img> with its raw.githubusercontent.com address and 75px each way.',
    ({ json }) =>
      /^<img src="https:\/\/raw\.githubusercontent\.com\/Azure\/Azure-Sentinel\/master\/Logos\/[^"]+\.svg" width="75px" height="75px">$/.test(
        `${member(json, 'Logo')}`,
      )
        ? []
        : [{ pointer: pointerOf(json, 'Logo'), message: `the logo is ${member(json, 'Logo')}` }],
  ),
  rule(
    'data.description',
    'error',
    sources.reviewGuide,
    'Describe the solution in up to 5,000 characters, without "$".',
    ({ json }) => {
      const text = `${member(json, 'Description') ?? ''}`;
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
      /underlying microsoft technolog/i.test(`${member(json, 'Description') ?? ''}`)
        ? []
        : [
            {
              pointer: pointerOf(json, 'Description'),
              message: 'the description does not name the underlying Microsoft technologies',
            },
          ],
  ),
  rule('data.retired-technology', 'warning', sources.reviewGuide, 'Describe what the solution uses now.', ({ json }) =>
    RETIRED.filter(([form]) => form.test(`${member(json, 'Description') ?? ''}`)).map(([, name]) => ({
      pointer: pointerOf(json, 'Description'),
      message: `the description names ${name}`,
    })),
  ),
  rule(
    'data.version',
    'error',
    sources.packagingTool,
    'Write X.Y.Z with 3 as the first number: the tool makes 3.0.0 of anything lower.',
    ({ json }) =>
      /^3\.\d+\.\d+$/.test(`${member(json, 'Version')}`)
        ? []
        : [{ pointer: pointerOf(json, 'Version'), message: `the version is "${member(json, 'Version')}"` }],
  ),
  rule(
    'data.template-spec',
    'warning',
    sources.reviewGuide,
    'Set TemplateSpec to false: the tool ignores it for 3.x, the review bot asks for it.',
    ({ json }) =>
      member(json, 'TemplateSpec') === false
        ? []
        : [{ pointer: pointerOf(json, 'TemplateSpec'), message: `TemplateSpec is ${member(json, 'TemplateSpec')}` }],
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
        ...(member(json, 'Metadata') === 'SolutionMetadata.json'
          ? []
          : [{ pointer, message: `the metadata is "${member(json, 'Metadata')}"` }]),
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
      const path = `${member(json, 'BasePath') ?? ''}`;
      return /[\\/](?:Users|home)[\\/]/i.test(path)
        ? [{ pointer: pointerOf(json, 'BasePath'), message: `the path ${path} names a person's folder` }]
        : [];
    },
  ),
  rule(
    'data.listed-files',
    'error',
    sources.packagingTool,
    'Correct the path: relative to the solution, forward slashes, in the casing of the file.',
    ({ json, paths, exactPaths, relative }) =>
      listedFiles(json).flatMap(({ pointer, path }) => {
        if (/\\/.test(path)) return [{ pointer, message: `${path} has backslashes` }];
        const inside = relative(path);
        if (exactPaths.has(inside)) return [];
        return [
          {
            pointer,
            message: paths.has(inside.toLowerCase())
              ? `${path} is there in another casing`
              : `there is no file ${path}`,
          },
        ];
      }),
  ),
  rule(
    'data.unlisted-playbook',
    'error',
    sources.packagingTool,
    'List the file in "Playbooks" (custom connectors first), or remove it from the folder.',
    ({ json, exactPaths, relative, playbookPaths }) => {
      const listed = new Set(listedFiles(json).map(({ path }) => relative(path).toLowerCase()));
      return [...exactPaths]
        .filter((path) => playbookPaths.has(path) && !listed.has(path.toLowerCase()))
        .map((path) => ({
          pointer: pointerOf(json, 'Playbooks'),
          message: `${path} lies in the solution and is not listed`,
        }));
    },
  ),
  rule(
    'data.order',
    'error',
    sources.packagingTool,
    'List function apps first, then custom connectors, then playbooks: a dependency is found only if the connector came earlier.',
    ({ json, connectorPaths, relative }) => {
      const playbooks = listAt(json, nameIn(json, 'Playbooks') ?? 'Playbooks').map((one) => relative(`${one}`));
      const lastConnector = playbooks.findLastIndex((path) => connectorPaths.has(path));
      const firstPlaybook = playbooks.findIndex((path) => !connectorPaths.has(path));
      return firstPlaybook >= 0 && firstPlaybook < lastConnector
        ? [
            {
              pointer: `${pointerOf(json, 'Playbooks')}/${lastConnector}`,
              message: 'the connector is listed after a playbook',
            },
          ]
        : [];
    },
  ),
  rule(
    'data.playbook-folder',
    'error',
    sources.packagingTool,
    'Give each playbook a folder of its own: the folder is its content id, for good.',
    ({ json, relative }) =>
      listedFiles(json)
        .filter(({ path }) => /^Playbooks\/[^/]+\.json$/i.test(relative(path)))
        .map(({ pointer, path }) => ({
          pointer,
          message: `${path} lies directly in Playbooks, so its content id is "Playbooks"`,
        })),
  ),
  rule(
    'data.file-names',
    'error',
    sources.reviewGuide,
    'Call the file azuredeploy.json, in folders without blanks, each name of letters, digits, "_", "-" and "." and at most 80 characters.',
    ({ json, relative }) =>
      listedFiles(json)
        .filter(({ path }) => /^Playbooks\//i.test(relative(path)))
        .flatMap(({ pointer, path }) => {
          const parts = relative(path).split('/');
          return [
            ...(parts.at(-1) === 'azuredeploy.json'
              ? []
              : [{ pointer, message: `${path} is not called azuredeploy.json` }]),
            ...parts
              .filter((part) => !/^[\w.-]{1,80}$/.test(part))
              .map((part) => ({ pointer, message: `"${part}" is no name that reviewers accept` })),
          ];
        }),
  ),
  rule('branding.data', 'error', sources.validations, 'Write "Microsoft Sentinel".', ({ json }) =>
    partsOf(json)
      .filter(({ name, value }) => /^description/i.test(name) && typeof value === 'string' && isOldBrand(value))
      .map(({ pointer }) => ({ pointer, message: 'names Sentinel without Microsoft before it' })),
  ),
];

/** SolutionMetadata.json. */
export const solutionMetadataRules: readonly SubjectRule<JsonObject>[] = [
  rule(
    'metadata.publisher',
    'error',
    sources.reviewGuide,
    'Write the publisher id of Partner Center: a lower-case letter, then up to 49 lower-case letters and digits.',
    (json) =>
      /^[a-z][a-z0-9]{0,49}$/.test(textAt(json, 'publisherId') ?? '')
        ? []
        : [{ pointer: '/publisherId', message: `the publisherId is "${json['publisherId']}"` }],
  ),
  rule(
    'metadata.offer',
    'error',
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
    'error',
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
  rule('metadata.providers', 'error', sources.reviewGuide, 'Name the provider of the service: ["Contoso"].', (json) =>
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
    'Give name, tier (Microsoft, Partner or Community), e-mail address and an https link.',
    (json) => [
      ...supportProblems('/support', at(json, 'support')),
      ...(/^https:\/\//.test(textAt(json, 'support', 'link') ?? '')
        ? []
        : [{ pointer: '/support/link', message: 'the link is no https link' }]),
      ...(textAt(json, 'support', 'email')
        ? []
        : [{ pointer: '/support/email', message: 'the e-mail address is missing' }]),
    ],
  ),
];

const RETIRED: readonly (readonly [form: RegExp, name: string])[] = [
  [/HTTP Data Collector/i, 'the HTTP Data Collector API, which is retired'],
  [/Graph Security API|Security Graph API/i, 'the Graph Security API of old, which is retired'],
];

function rule<Subject>(
  id: string,
  level: SubjectRule<Subject>['level'],
  source: string,
  help: string,
  check: (subject: Subject) => readonly Violation[],
): SubjectRule<Subject> {
  return { id, level, source, help, check };
}

function member(json: JsonObject, name: string): Json | undefined {
  const own = nameIn(json, name);
  return own === undefined ? undefined : json[own];
}

function pointerOf(json: JsonObject, name: string): string {
  const own = nameIn(json, name);
  return own === undefined ? '' : step(own);
}

/** The tool takes "Analytic Rules", "analyticrules" and "AnalyticRules" for the same. */
function joined(name: string): string {
  return name.toLowerCase().replaceAll(' ', '');
}

/** All-lower-case spelling is common and read; a capital in the wrong place is a slip. */
function isMisspelt(name: string, known: string): boolean {
  return name !== name.toLowerCase() && known.replaceAll(' ', '').slice(1) !== name.replaceAll(' ', '').slice(1);
}

interface ListedFile {
  readonly pointer: string;
  readonly path: string;
}

function listedFiles(json: JsonObject): ListedFile[] {
  return Object.entries(json).flatMap(([name, value]) =>
    Array.isArray(value) && !/^(StaticDataConnectorIds|dependentDomainSolutionIds)$/i.test(name)
      ? value.flatMap((path, index) => (typeof path === 'string' ? [{ pointer: `${step(name)}/${index}`, path }] : []))
      : [],
  );
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
