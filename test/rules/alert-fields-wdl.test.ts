import { describe, expect, it } from 'vitest';
import { alertFieldsWdl } from '../../src/rules/alert-fields-wdl.ts';
import { defaultFriendlyNames, defaultMessage } from '../../src/rules/choices.ts';
import { entityNameWdl } from '../../src/rules/entity-fields-wdl.ts';
import { eventWdl } from '../../src/rules/event-wdl.ts';
import { messageParameters, nameParameters } from '../../src/rules/message-parameters.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { runLocals } from './support/run-locals.ts';

const source = alertFieldsWdl('triggerBody()');
const { locals, event } = eventWdl(defaultMessage, {
  ...source,
  externalId: "'sentinel-alert:1'",
  severity: source.fields['incident.severity'],
});
const parameters = { ...messageParameters(defaultMessage), ...nameParameters(nameTables(defaultFriendlyNames), '') };

describe('the fields of an alert without an incident', () => {
  it('fill the same templates', () => {
    const body = {
      AlertDisplayName: 'Sign-in from unfamiliar location',
      Description: 'A country never seen before.',
      Severity: 'High',
      SystemAlertId: 'baa8a239-6fde-4ab7-a093-d09f7b75c58c',
      ProductName: 'Azure Sentinel',
      Tactics: 'InitialAccess, Impact',
      AlertUri: 'https://portal.azure.com/#alert',
      Entities: JSON.stringify([
        { $id: '3', Name: 'administrator', UPNSuffix: 'contoso.com', Type: 'account' },
        { $id: '4', HostName: 'srv-0042', Type: 'host' },
        { $id: '5', Address: '192.0.2.38', Type: 'ip' },
        { $id: '6', Value: 'd41d8cd9', Algorithm: 'MD5', Type: 'filehash' },
        { $id: '7', Name: 'unnamed kind', Type: 'malware' },
      ]),
    };
    expect(runLocals(locals, { triggerBody: body, parameters }).evaluate(event)).toEqual({
      Title: 'High: Sign-in from unfamiliar location',
      Message: [
        'A country never seen before.',
        '',
        '• Sign-in from unfamiliar location (High, Microsoft Sentinel)',
        '',
        'Accounts: administrator@contoso.com',
        'Hosts: srv-0042',
        'IP addresses: 192.0.2.38',
        'File hashes: d41d8cd9',
        'Others: unnamed kind',
      ].join('\n'),
      Severity: 'High',
      Products: 'Microsoft Sentinel',
      Tactics: 'InitialAccess, Impact',
      Alerts: '1',
      Accounts: 'administrator@contoso.com',
      Hosts: 'srv-0042',
      'IP addresses': '192.0.2.38',
      Link: 'https://portal.azure.com/#alert',
      'X-S4-ExternalID': 'sentinel-alert:1',
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
  });

  it('take tactics that come as an array', () => {
    const body = { AlertDisplayName: 'x', Tactics: ['InitialAccess', 'Impact'] };
    expect(runLocals(locals, { triggerBody: body, parameters }).evaluate(event)).toMatchObject({
      Tactics: 'InitialAccess, Impact',
    });
  });

  it('evaluate on the empty body of the designer', () => {
    expect(runLocals(locals, { triggerBody: undefined, parameters }).evaluate(event)).toMatchObject({ Alerts: '1' });
  });
});

describe('the name of an entity', () => {
  it.each([
    [{ properties: { address: '192.0.2.38', friendlyName: '192.0.2.38 (DE)' } }, '192.0.2.38'],
    [{ properties: { hashValue: 'd41d8cd9', friendlyName: 'd41d…(MD5)' } }, 'd41d8cd9'],
    [{ Properties: { FriendlyName: 'srv-0042' } }, 'srv-0042'],
    [{}, ''],
    [undefined, ''],
  ])('of %j is "%s"', (entity, name) => {
    const { evaluate } = runLocals([], { triggerBody: { Entity: entity } });
    expect(evaluate(entityNameWdl("triggerBody()?['Entity']"))).toBe(name);
  });
});
