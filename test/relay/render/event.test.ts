import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/config.ts';
import { pageEvent } from '../../../src/relay/render/event.ts';
import { rowsParameters, rowsText } from '../../../src/relay/render/rows-text.ts';
import { defaultMessage, type MessageChoice } from '../../../src/rules/choices.ts';
import { nameTables } from '../../../src/rules/product-names.ts';
import { rowsOf, samples } from './samples.ts';

const workspace = {
  tenantId: '2f1a6c29-0d3c-4c6b-9a63-4f3d8a6b1c11',
  subscriptionId: 'a8f3c6a5-1a1f-4b0e-9df0-6a2b7b9e9d10',
  resourceGroup: 'soc',
  name: 'contoso-soc',
  workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
};
const names = nameTables({ products: {}, companies: {}, entities: {} });

function eventOf(message: Partial<MessageChoice> = {}) {
  const [about] = samples;
  if (!about) throw new Error('no sample');
  const config = { ...defaultConfig, company: 'Contoso', message: { ...defaultMessage, ...message } };
  return pageEvent(about, { config, names, workspace });
}

describe('the event of a page', () => {
  it('has the page in the place of the default text and parameters', () => {
    const event = eventOf();
    expect(event.Title).toBe('High: Sign-ins from unfamiliar locations');
    expect(event.Message).toMatch(/^Who: ①/);
    expect(Object.keys(event).filter((name) => !name.startsWith('X-S4'))).toEqual([
      ...['Title', 'Message', 'Incident', 'Hosts', 'Tactics', 'Link', 'Company'],
    ]);
  });

  it('has a string of the config as it is, with the rows where it wants them', () => {
    const event = eventOf({ title: 'Wake up: {{incident.title}}', text: '{{incident.number}}\n{{queries.list}}' });
    expect(event.Title).toBe('Wake up: Sign-ins from unfamiliar locations');
    expect(event.Message).toMatch(/^4711\nFound: 10\+ rows by 15 queries\nCountry: MD\n/);
    expect(event['Found IPAddress']).toBe('192.0.2.17, 192.0.2.21');
  });

  it('has parameters of the config as they are', () => {
    const event = eventOf({ parameters: { Number: '{{incident.number}}' } });
    expect(event.Message).toMatch(/^Who: ①/);
    expect(Object.keys(event).filter((name) => !name.startsWith('X-S4'))).toEqual(['Title', 'Message', 'Number']);
  });
});

describe('rows for a template', () => {
  it('show one row as lines, several as a list, and leave out what found nothing', () => {
    const text = rowsText([
      rowsOf('A', ['Reason', 'IPAddress'], [['a sign-in', '192.0.2.38']]),
      rowsOf('Nothing', ['Reason'], []),
      rowsOf(
        'B',
        ['Actor', 'Bytes'],
        [
          ['a', '1'],
          ['b', ''],
        ],
        { truncated: true },
      ),
    ]);
    expect(text.split('\n')).toEqual([
      ...['Found: 1 row', 'Reason: a sign-in', 'IPAddress: 192.0.2.38', ''],
      ...['Found: 2+ rows', 'Actor · Bytes', '• a · 1', '• b · –'],
    ]);
  });

  it('end before they fill a phone, and count what is left', () => {
    const rows = Array.from({ length: 200 }, (_, n) => [`${n}${'x'.repeat(100)}`, 'y']);
    const text = rowsText([rowsOf('A', ['Reason', 'Other'], rows)]);
    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(text).toMatch(/… and \d+ more rows$/);
  });

  it('give the different entities as parameters', () => {
    const many = Array.from({ length: 8 }, (_, n) => ['a', `192.0.2.${n}`]);
    const results = [
      rowsOf('A', ['Reason', 'IPAddress'], [['a', '192.0.2.0']]),
      rowsOf('B', ['Reason', 'IPAddress'], many),
    ];
    expect(rowsParameters(results)).toEqual({
      'Found IPAddress': '192.0.2.0, 192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, and 3 more',
    });
  });
});
