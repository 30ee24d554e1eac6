import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, listAt, objectAt, partsOf, textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { isPackage, type Resource, type TemplateLevel } from '../../template-level.ts';

/** The validator's own lists (FACTS 1.2): ASCII hyphens, exact spelling. */
export const DOMAINS = [
  'Application',
  'Cloud Provider',
  'Compliance',
  'DevOps',
  'Identity',
  'Internet of Things (IoT)',
  'IT Operations',
  'Migration',
  'Networking',
  'Platform',
  'Security - Others',
  'Security - Threat Intelligence',
  'Security - Threat Protection',
  'Security - 0-day Vulnerability',
  'Security - Automation (SOAR)',
  'Security - Cloud Security',
  'Security - Information Protection',
  'Security - Insider Threat',
  'Security - Network',
  'Security - Vulnerability Management',
  'Storage',
  'Training and Tutorials',
  'User Behavior (UEBA)',
] as const;
export const VERTICALS = ['Aeronautics', 'Education', 'Finance', 'Healthcare', 'Manufacturing', 'Retail'] as const;
const TIERS = ['Microsoft', 'Partner', 'Community'];

const SECRET_PARAMETER = /password|clientsecret|authorization|secret|token|apptoken|appkey/i;

/** The Azure-Sentinel repository's validations of a package's mainTemplate.json. */
export const packageRules: readonly SubjectRule<TemplateLevel>[] = [
  ofPackage({
    id: 'solution.resources',
    level: 'error',
    source: sources.solutionValidator,
    help: 'Package the solution with the V3 tool (or `package`): it writes one contentPackages resource.',
    check: (level) =>
      solutionResources(level).length > 0
        ? []
        : [{ pointer: '/resources', message: 'there is no contentPackages and no metadata resource at the top' }],
  }),
  ofPackage({
    id: 'solution.categories',
    level: 'error',
    source: sources.solutionValidator,
    help: `Choose domains from: ${DOMAINS.join(', ')}; verticals from: ${VERTICALS.join(', ')}.`,
    check: (level) =>
      solutionResources(level).flatMap(({ at: pointer, raw }) =>
        categoryProblems(`${pointer}/properties/categories`, at(raw, 'properties', 'categories')),
      ),
  }),
  ofPackage({
    id: 'solution.support',
    level: 'error',
    source: sources.solutionValidator,
    help: 'Give the support object name, tier (Microsoft, Partner or Community), and an e-mail address or an http(s) link.',
    check: (level) =>
      solutionResources(level).flatMap(({ at: pointer, raw }) =>
        supportProblems(`${pointer}/properties/support`, at(raw, 'properties', 'support')),
      ),
  }),
  ofPackage({
    id: 'solution.id',
    level: 'error',
    source: sources.solutionValidator,
    help: 'The id is <publisherId>.<offerId>: lower case, exactly one dot.',
    check: ({ template }) => {
      const id = textAt(template, 'variables', 'solutionId') ?? '';
      return id === id.toLowerCase() && id.split('.').length === 2 && !id.startsWith('.') && !id.endsWith('.')
        ? []
        : [{ pointer: '/variables/solutionId', message: `the solutionId is "${id}"` }];
    },
  }),
  ofPackage({
    id: 'solution.version',
    level: 'error',
    source: sources.packagingTool,
    help: 'Versions are X.Y.Z; reviewers take 3.x.y only.',
    check: ({ template }) => {
      const version = textAt(template, 'variables', '_solutionVersion');
      if (version === undefined || /^3\.\d+\.\d+$/.test(version)) return [];
      const wrong = { pointer: '/variables/_solutionVersion', message: `the version is "${version}"` };
      return [/^\d+\.\d+\.\d+$/.test(version) ? { ...wrong, level: 'warning' as const } : wrong];
    },
  }),
  ofPackage({
    id: 'solution.format',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Package the solution with the V3 tool (or `package`): template specs are the format of version 2.',
    check: ({ resources }) =>
      resources
        .filter(({ type }) => type === 'microsoft.resources/templatespecs')
        .slice(0, 1)
        .map(({ at: pointer }) => ({
          pointer: `${pointer}/type`,
          message: 'the content is packaged as template specs',
        })),
  }),
  ofPackage({
    id: 'solution.content-template',
    level: 'error',
    source: sources.packagingTool,
    help: 'Package again: a package that was edited by hand is refused.',
    check: ({ resources, template }) =>
      resources
        .filter(({ type }) => type.endsWith('/contenttemplates'))
        .flatMap(({ at: pointer, raw }) => contentTemplateProblems(pointer, raw, template)),
  }),
  ofPackage({
    id: 'branding.package',
    level: 'error',
    source: sources.validations,
    help: 'Write "Microsoft Sentinel".',
    check: ({ template, file }) =>
      textsOf(isOfSentinelOne(file) ? null : template)
        .filter(({ name, text }) => /^(description|descriptionMarkdown)$/.test(name) && isShortBrand(text))
        .map(({ pointer }) => ({ pointer, message: 'names Sentinel without Microsoft before it' })),
  }),
  ofPackage({
    id: 'package.secret-parameter',
    level: 'error',
    source: sources.fieldTypes,
    help: 'Declare it as securestring, without a default.',
    check: ({ template }) =>
      partsOf(template)
        .filter(({ name, value }) => name === 'parameters' && isJsonObject(value))
        .flatMap(({ pointer, value }) =>
          Object.entries(value as JsonObject)
            .filter(([name, one]) => isUnsecured(name, one))
            .map(([name]) => ({
              pointer: pointer + pointerStep(name),
              message: `"${name}" must be a securestring: it holds a secret`,
              // The validation only checks parameters of the package itself.
              ...(pointer === '/parameters' ? {} : { level: 'warning' as const }),
            })),
        ),
  }),
];

function ofPackage(rule: SubjectRule<TemplateLevel>): SubjectRule<TemplateLevel> {
  return { ...rule, check: (level) => (isPackage(level) ? rule.check(level) : []) };
}

function solutionResources({ resources }: TemplateLevel): readonly Resource[] {
  const isTop = ({ at: pointer }: Resource) => /^\/resources\/\d+$/.test(pointer);
  const packages = resources.filter((one) => isTop(one) && one.type.endsWith('/contentpackages'));
  if (packages.length > 0) return packages;
  return resources.filter(
    (one) => isTop(one) && one.type.endsWith('/metadata') && textAt(one.raw, 'properties', 'kind') === 'Solution',
  );
}

export function categoryProblems(pointer: string, categories: Json | undefined) {
  const domains = listAt(categories, 'domains');
  const wrong = (list: readonly Json[], known: readonly string[], member: string) =>
    list.flatMap((one, index) =>
      known.includes(`${one}`)
        ? []
        : [{ pointer: `${pointer}/${member}/${index}`, message: `"${one}" is not in the list` }],
    );
  return [
    ...(domains.length === 0 ? [{ pointer, message: 'there are no domains' }] : []),
    ...wrong(domains, DOMAINS, 'domains'),
    ...wrong(listAt(categories, 'verticals'), VERTICALS, 'verticals'),
  ];
}

/** No validation checks the tier, and Azure compares list names ignoring case. */
function levelOf(tier: string) {
  return TIERS.some((one) => one.toLowerCase() === tier.toLowerCase()) ? { level: 'warning' as const } : {};
}

export function supportProblems(pointer: string, support: Json | undefined) {
  const { name, tier, email, link } = Object.fromEntries(
    ['name', 'tier', 'email', 'link'].map((member) => [member, textAt(support, member)?.trim() ?? '']),
  ) as Record<'name' | 'tier' | 'email' | 'link', string>;
  return [
    ...(name === '' ? [{ pointer, message: 'the support has no name' }] : []),
    ...(TIERS.includes(tier)
      ? []
      : [{ pointer: `${pointer}/tier`, message: `the tier is "${tier}"`, ...levelOf(tier) }]),
    ...(email === '' && link === ''
      ? [{ pointer, message: 'the support has neither an e-mail address nor a link' }]
      : []),
    ...(email === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
      ? []
      : [{ pointer: `${pointer}/email`, message: `"${email}" is not an e-mail address` }]),
    ...(link === '' || /^https?:\/\//.test(link)
      ? []
      : [{ pointer: `${pointer}/link`, message: `"${link}" is not a link` }]),
  ];
}

const TEMPLATE_MEMBERS = [
  'contentId',
  'contentKind',
  'contentProductId',
  'id',
  'version',
  'packageId',
  'packageVersion',
  'contentSchemaVersion',
];

function contentTemplateProblems(pointer: string, raw: JsonObject, template: JsonObject) {
  const properties = objectAt(raw, 'properties');
  const missing = TEMPLATE_MEMBERS.filter((member) => properties[member] === undefined);
  const version = textAt(template, 'variables', '_solutionVersion');
  const description = textAt(properties, 'description') ?? '';
  const named = /with template version (\d+\.\d+\.\d+)/.exec(description)?.[1];
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            pointer: `${pointer}/properties`,
            message: `the content template has no ${missing.join(', ')}`,
            // The tool of 2023 did not write any.
            ...(missing.join() === 'id' ? { level: 'warning' as const } : {}),
          },
        ]),
    ...(named === undefined || version === undefined || named === version
      ? []
      : [
          {
            pointer: `${pointer}/properties/description`,
            message: `the description names version ${named}, the package is ${version}`,
          },
        ]),
  ];
}

/** Product name before 2021. */
export function isOldBrand(text: string): boolean {
  return /azure sentinel/i.test(text);
}

/** "Sentinel" between blanks without "Microsoft" before it. */
export function isShortBrand(text: string): boolean {
  return /(?<!Microsoft\s)(?<!\S)Sentinel(?!\S)/.test(text);
}

/** The validation skips the files of this product. */
export function isOfSentinelOne(file: string): boolean {
  return file.includes('SentinelOne');
}

function isUnsecured(name: string, declaration: Json): boolean {
  const type = textAt(declaration, 'type') ?? '';
  const isArm = at(declaration, 'in') === undefined && /^string$/i.test(type);
  return isArm && SECRET_PARAMETER.test(name) && !/name|(uri|url|version|expiry|days)$/i.test(name);
}
