import { strToU8, zipSync } from 'fflate';
import { paths } from '../contoso/files.ts';
import { add, all, type Case, copy, drop, remove, replace, set } from './case.ts';

const text = {
  name: 'room',
  type: 'Microsoft.Common.TextBox',
  toolTip: 'Which room',
  constraints: { regex: '^[a-z]+$', validationMessage: 'Letters only' },
};
const password = { ...text, name: 'pin', type: 'Microsoft.Common.PasswordBox' };
const added = '/parameters/basics/2';
/** Where build writes a playbook, beside its copy in the solution. */
const second = 'playbooks/Contoso-Page/azuredeploy.json';
const solution = '/resources/5/properties';

/** createUiDefinition.json and mainTemplate.json. */
export const packageCases: readonly Case[] = [
  {
    rule: 'ui.schema',
    finds: 'a version that is not the one of the schema',
    bad: set(paths.ui, '/version', '0.1.1-preview'),
    file: paths.ui,
    at: '/$schema',
  },
  {
    rule: 'ui.handler',
    finds: 'another handler',
    bad: set(paths.ui, '/handler', 'Contoso.CreateUi'),
    file: paths.ui,
    at: '/handler',
  },
  {
    rule: 'ui.location-output',
    finds: 'a fixed location',
    bad: set(paths.ui, '/parameters/outputs/location', 'westeurope'),
    file: paths.ui,
    at: '/parameters/outputs',
  },
  {
    rule: 'ui.unknown-output',
    finds: 'an output without a parameter',
    bad: set(paths.ui, '/parameters/outputs/room', "[basics('workspace')]"),
    file: paths.ui,
    at: '/parameters/outputs/room',
    passes: all(set(paths.ui, '/parameters/outputs/room', "[basics('workspace')]"), drop(paths.package)),
  },
  {
    rule: 'ui.missing-output',
    finds: 'a parameter that nobody fills in',
    bad: all(
      remove(paths.package, '/parameters/workspace/defaultValue'),
      remove(paths.ui, '/parameters/outputs/workspace'),
    ),
    file: paths.ui,
    at: '/parameters/outputs',
    passes: remove(paths.ui, '/parameters/outputs/workspace'),
  },
  {
    rule: 'ui.unknown-control',
    finds: 'an output of a control that is not there',
    bad: set(paths.ui, '/parameters/outputs/workspace', "[basics('workspaces')]"),
    file: paths.ui,
    at: '/parameters/outputs/workspace',
  },
  {
    rule: 'ui.unused-choice',
    finds: 'a choice that goes nowhere',
    bad: set(paths.ui, added, { ...text, type: 'Microsoft.Common.DropDown', constraints: { allowedValues: ['a'] } }),
    file: paths.ui,
    at: added,
  },
  {
    rule: 'ui.blank',
    finds: 'an empty text',
    bad: set(paths.ui, '/parameters/basics/1/placeholder', ''),
    file: paths.ui,
    at: '/parameters/basics/1/placeholder',
    passes: set(paths.ui, '/parameters/basics/1/defaultValue', ''),
  },
  {
    rule: 'ui.text-box',
    finds: 'a text box that accepts anything',
    bad: set(paths.ui, added, { ...text, constraints: { required: true } }),
    file: paths.ui,
    at: added,
    passes: set(paths.ui, added, text),
  },
  {
    rule: 'ui.tooltip',
    finds: 'a field without a tool tip',
    bad: remove(paths.ui, '/parameters/basics/1/toolTip'),
    file: paths.ui,
    at: '/parameters/basics/1',
  },
  {
    rule: 'ui.password',
    finds: 'a password box that hides the confirmation',
    bad: set(paths.ui, added, { ...password, options: { hideConfirmation: true } }),
    file: paths.ui,
    at: added,
    passes: set(paths.ui, added, password),
  },
  {
    rule: 'ui.password-output',
    finds: 'a password that becomes a plain string',
    bad: all(set(paths.ui, added, password), set(paths.ui, '/parameters/outputs/workspace', "[basics('pin')]")),
    file: paths.ui,
    at: '/parameters/outputs/workspace',
  },
  {
    rule: 'solution.resources',
    finds: 'a package without its solution',
    bad: remove(paths.package, '/resources/5'),
    file: paths.package,
    at: '/resources',
  },
  {
    rule: 'solution.categories',
    finds: 'a domain that the validator does not know',
    bad: set(paths.package, `${solution}/categories/domains/0`, 'Security'),
    file: paths.package,
    at: `${solution}/categories/domains/0`,
  },
  {
    rule: 'solution.support',
    finds: 'a tier in another casing',
    bad: set(paths.package, `${solution}/support/tier`, 'partner'),
    file: paths.package,
    at: `${solution}/support/tier`,
  },
  {
    rule: 'solution.id',
    finds: 'an id with capitals',
    bad: set(paths.package, '/variables/solutionId', 'contoso.Azure-sentinel'),
    file: paths.package,
    at: '/variables/solutionId',
  },
  {
    rule: 'solution.version',
    finds: 'a version that reviewers refuse',
    bad: set(paths.package, '/variables/_solutionVersion', '4.0.0'),
    file: paths.package,
    at: '/variables/_solutionVersion',
  },
  {
    rule: 'solution.format',
    finds: 'the format of version 2',
    bad: set(paths.package, '/resources/3/type', 'Microsoft.Resources/templateSpecs'),
    file: paths.package,
    at: '/resources/3/type',
  },
  {
    rule: 'solution.content-template',
    finds: 'a content template without its id',
    bad: remove(paths.package, '/resources/3/properties/contentProductId'),
    file: paths.package,
    at: '/resources/3/properties',
  },
  {
    rule: 'branding.package',
    finds: 'the old name',
    bad: set(paths.package, '/resources/3/properties/description', 'Works with Azure Sentinel'),
    file: paths.package,
    at: '/resources/3/properties/description',
    passes: set(paths.package, '/resources/3/properties/description', 'Works with Microsoft Sentinel and SentinelOne'),
  },
  {
    rule: 'package.secret-parameter',
    finds: 'a token that is a string',
    bad: set(paths.package, '/resources/3/properties/mainTemplate/parameters/ApiToken', { type: 'string' }),
    file: paths.package,
    at: '/resources/3/properties/mainTemplate/parameters/ApiToken',
  },
  {
    rule: 'agreement.package-content',
    finds: 'a playbook that changed after packaging',
    bad: replace(paths.playbook, '"count": 5', '"count": 6'),
    file: paths.package,
    at: '/resources/4',
    passes: set(paths.playbook, '/metadata/title', 'Page the whole team'),
  },
  {
    rule: 'agreement.package-version',
    finds: 'release notes that are older than the package',
    bad: replace(paths.notes, '| 3.0.1 | 10-01-2026 | Custom connector. |\n', ''),
    file: paths.notes,
    at: '#line=3',
  },
  {
    rule: 'agreement.package-version',
    finds: 'a data file that is newer than the package',
    bad: set(paths.data, '/Version', '3.0.2'),
    file: paths.data,
    at: '/Version',
  },
  {
    rule: 'agreement.package-zip',
    finds: 'a zip of another package',
    bad: set(paths.package, '/variables/note', 'edited'),
    file: paths.zip,
    at: '',
  },
  {
    rule: 'agreement.package-zip',
    finds: 'a zip with other files',
    bad: add(paths.zip, zipSync({ 'readme.md': strToU8('hello') })),
    file: paths.zip,
    at: '',
  },
  {
    rule: 'agreement.package-zip',
    finds: 'that the zip of this version is missing',
    bad: all(copyZip, drop(paths.zip)),
    file: paths.package,
    at: '/variables/_solutionVersion',
    passes: drop(paths.zip),
  },
  {
    rule: 'agreement.solution-id',
    finds: 'a package of another offer',
    bad: set(paths.metadata, '/offerId', 'azure-sentinel-other'),
    file: paths.package,
    at: '/variables/solutionId',
  },
  {
    rule: 'agreement.manifest',
    finds: 'a file that was changed after the build',
    bad: replace(paths.guide, 'Pages people.', 'Pages all people.'),
    file: paths.manifest,
    at: '/files/Solutions~1Contoso~1Playbooks~1Contoso-Page~1readme.md',
  },
  {
    rule: 'agreement.manifest',
    finds: 'a file that was not built',
    bad: add('extra.txt', 'hello'),
    file: paths.manifest,
    at: '/files',
  },
  {
    rule: 'agreement.copies',
    finds: 'two templates of one playbook with a parameter of two types',
    bad: all(copy(paths.playbook, second), set(second, '/parameters/Severity/type', 'array')),
    file: second,
    at: '/parameters/Severity',
    passes: all(copy(paths.playbook, second), set(second, '/parameters/Room', { type: 'string' })),
  },
  {
    rule: 'agreement.copies',
    finds: 'two templates of one playbook of different versions',
    bad: all(copy(paths.playbook, second), set(second, '/metadata/releaseNotes/0/version', '3.0.0')),
    file: second,
    at: '/metadata/releaseNotes',
  },
];

function copyZip(files: Parameters<Case['bad']>[0]): void {
  files.set(paths.zip.replace('3.0.1', '3.0.0'), files.get(paths.zip) ?? '');
}
