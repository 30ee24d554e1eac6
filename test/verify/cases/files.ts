import { paths } from '../contoso/files.ts';
import { add, type Case, replace, set } from './case.ts';

const key = 'k'.repeat(60);

export const fileCases: readonly Case[] = [
  {
    rule: 'json.syntax',
    finds: 'a file that is not JSON',
    bad: replace(paths.data, '"Name": "Contoso",', '"Name": "Contoso"'),
    file: paths.data,
    at: '',
  },
  {
    rule: 'json.syntax',
    finds: 'a file in UTF-16, as Windows PowerShell 5.1 writes it',
    bad: add('Solutions/Contoso/notes.json', Buffer.from('\ufeff{}', 'utf16le')),
    file: 'Solutions/Contoso/notes.json',
    at: '',
    passes: add('Solutions/Contoso/notes.json', '{}'),
  },
  {
    rule: 'json.syntax',
    finds: 'a guide in another encoding',
    bad: add('Solutions/Contoso/notes.md', Uint8Array.of(0x41, 0xe4, 0x41)),
    file: 'Solutions/Contoso/notes.md',
    at: '',
  },
  {
    rule: 'json.syntax',
    finds: 'brackets that nest without bound',
    bad: add('Solutions/Contoso/notes.json', `${'['.repeat(501)}${']'.repeat(501)}`),
    file: 'Solutions/Contoso/notes.json',
    at: '',
    passes: add('Solutions/Contoso/notes.json', `${'['.repeat(500)}${']'.repeat(500)}`),
  },
  {
    rule: 'json.byte-order-mark',
    finds: 'a byte order mark',
    bad: replace(paths.data, '{', '\ufeff{'),
    file: paths.data,
    at: '',
  },
  {
    rule: 'verify.unknown-rule',
    finds: 'a misspelt id behind verify-off',
    bad: replace(paths.guide, 'Pages people.', '<!-- Verify-Off: readme.broken-link, readme.brokn --> Pages people.'),
    file: paths.guide,
    at: '',
    passes: replace(paths.guide, 'Pages people.', '<!--verify-off:readme.broken-link--> Pages people.'),
  },
  {
    rule: 'json.duplicate-member',
    finds: 'a member that occurs twice',
    bad: replace(paths.data, '"Name": "Contoso",', '"Name": "Lost", "Name": "Contoso",'),
    file: paths.data,
    at: '/Name',
  },
  {
    rule: 'json.names-differ-by-case',
    finds: 'two names that Azure takes for one',
    bad: replace(paths.playbook, '"tags": {', '"tags": { "logicappscategory": "x",'),
    file: paths.playbook,
    at: '/resources/2/tags/LogicAppsCategory',
  },
  {
    rule: 'json.comment',
    finds: 'a comment',
    bad: replace(paths.data, '{', '{ // the data file'),
    file: paths.data,
    at: '',
  },
  {
    rule: 'links.locale',
    finds: 'a link that fixes a language',
    bad: set(paths.dataConnector, '/descriptionMarkdown', 'See https://docs.microsoft.com/en-us/azure/sentinel/.'),
    file: paths.dataConnector,
    at: '/descriptionMarkdown',
    passes: set(paths.dataConnector, '/descriptionMarkdown', 'See https://learn.microsoft.com/en-us/azure/sentinel/.'),
  },
  {
    rule: 'links.locale',
    finds: 'one in a guide, with its line',
    bad: replace(paths.guide, 'Pages people.', '[How](https://azure.microsoft.com/de-de/support)'),
    file: paths.guide,
    at: '#line=3',
  },
  {
    rule: 'text.secret',
    finds: 'a storage key',
    bad: add('notes.txt', `first line\nAccountName=a;AccountKey=${key}==`),
    file: 'notes.txt',
    at: '#line=2',
    passes: add('notes.txt', 'AccountName=a;AccountKey=<your key>'),
  },
  {
    rule: 'text.secret',
    finds: 'the signature of a callback URL',
    bad: set(paths.playbook, '/metadata/postDeployment/0', `https://x.contoso.com/paths/invoke?sv=1.0&sig=${key}`),
    file: paths.playbook,
    at: '/metadata/postDeployment/0',
  },
];
