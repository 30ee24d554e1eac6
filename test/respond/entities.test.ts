import { describe, expect, it } from 'vitest';
import { refusals } from '../../src/rules/respond.ts';
import { expectRefused, type NamedEntity, onCall, response, sides } from './support/on-call.ts';

/* By which names an entity is found, and is protected. Entities are as Microsoft Sentinel has them: an account has its name without any domain. */

const host = (hostName: string, more: object = {}): NamedEntity => ({
  ...{ kind: 'Host', name: hostName },
  properties: { hostName, ...more },
});
const account = (accountName: string, more: object = {}): NamedEntity => ({
  ...{ kind: 'Account', name: accountName },
  properties: { accountName, ...more },
});
const ceo = account('ceo', { upnSuffix: 'contoso.com', ntDomain: 'CONTOSO', displayName: 'The Chief' });
const block = { playbooks: { block: response('Block-User', { on: 'account' }) } };
const blockFile = { playbooks: { block: response('Block-User', { on: 'filehash' }) } };

describe.each(sides)('the %s', (side) => {
  describe('h: a protected entity', () => {
    it.each([
      ['ceo@contoso.com', ceo],
      ['CONTOSO\\ceo', ceo],
      ['CEO', ceo],
      ['The Chief', ceo],
      ['CONTOSO\\ceo', { ...ceo, name: 'CONTOSO\\ceo' }],
      ['ceo@contoso.com', account('ceo@contoso.com')],
      ['ceo', account('CONTOSO\\ceo')],
      ['CONTOSO\\ceo', account('ceo', { upnSuffix: 'contoso.com' })],
      ['ceo@contoso.com', account('ceo')],
      ["s.o'brien@contoso.com", account("s.o'brien", { upnSuffix: 'contoso.com' })],
    ])('is an account that the list calls %j: %j', async (name, entity) => {
      const scene = await onCall(side, { entities: [entity], respond: { ...block, protected: [name] } });
      await scene.write('#run block');
      expectRefused(scene, refusals.protected);
    });

    it.each([
      ['DC01.contoso.com', host('DC01', { dnsDomain: 'contoso.com' })],
      ['DC01.contoso.com', host('DC01')],
      ['DC01', host('DC01.contoso.com')],
      ['DC01', host('DC01', { dnsDomain: 'contoso.com' })],
      ['CONTOSO\\DC01', host('DC01', { ntDomain: 'CONTOSO' })],
      ['DC01', { kind: 'Host', name: 'x', properties: { netBiosName: 'DC01' } }],
    ] as const)('is a host that the list calls %j: %j', async (name, entity) => {
      const scene = await onCall(side, { entities: [entity], respond: { protected: [name] } });
      await scene.write('#run isolate');
      expectRefused(scene, refusals.protected);
    });

    it('is one that has no name to compare', async () => {
      const nameless: NamedEntity = { kind: 'Account', name: 'S-1-5-21', properties: { sid: 'S-1-5-21' } };
      const scene = await onCall(side, { entities: [nameless], respond: { ...block, protected: ['ceo@contoso.com'] } });
      await scene.write('#run block');
      expectRefused(scene, refusals.protected);
    });

    it('is no other one', async () => {
      const scene = await onCall(side, {
        entities: [account('intern', { upnSuffix: 'contoso.com', ntDomain: 'CONTOSO' })],
        respond: { ...block, protected: ['ceo@contoso.com', 'CONTOSO\\admin', '10.0.0.5', 'DC01.contoso.com'] },
      });
      await scene.write('#run block');
      expect(scene.ran()).toEqual(['Block-User intern']);
    });
  });

  describe('h: an entity is found', () => {
    it.each(['ceo', 'ceo@contoso.com', 'CONTOSO\\ceo'])('by the name %j of an account', async (name) => {
      const scene = await onCall(side, { entities: [ceo, account('intern')], respond: block });
      await scene.write(`#run block ${name}`);
      expect(scene.ran()).toEqual(['Block-User ceo']);
    });

    it.each(['ws-042', 'WS-042.contoso.com', 'CONTOSO\\ws-042'])('by the name %j of a host', async (name) => {
      const domains = { dnsDomain: 'contoso.com', ntDomain: 'CONTOSO' };
      const scene = await onCall(side, { entities: [host('WS-042', domains), host('WS-043', domains)] });
      await scene.write(`#run isolate ${name}`);
      expect(scene.ran()).toEqual(['Isolate-Host WS-042']);
    });

    it('by the value of a hash', async () => {
      const hash = (hashValue: string): NamedEntity => ({
        ...{ kind: 'FileHash', name: `${hashValue}(SHA256)` },
        properties: { hashValue, algorithm: 'SHA256' },
      });
      const scene = await onCall(side, { entities: [hash('0a1b'), hash('0a1c')], respond: blockFile });
      await scene.write('#run block 0A1B');
      expect(scene.ran()).toEqual(['Block-User 0a1b(SHA256)']);
    });

    it.each(['linux', 'osfamily', 'hostname', 'properties', '.', '@', '\\'])(
      'not by %j, which names none',
      async (word) => {
        const scene = await onCall(side, { entities: [host('WS-042'), host('WS-043', { osFamily: 'Linux' })] });
        await scene.write(`#run isolate ${word}`);
        expectRefused(scene, refusals.noEntity);
      },
    );
  });

  describe('n: entities that nobody can be asked for', () => {
    it.each([500, 403, 404])('are not missing: Microsoft Sentinel answers %i', async (status) => {
      const scene = await onCall(side);
      scene.world.faults.add({ service: 'sentinel', path: '*/entities', fault: { kind: 'status', status } });
      await scene.write('#run isolate', { wait: 20 });
      expectRefused(scene, refusals.noSentinel);
      expect(scene.told().join()).toContain(refusals.noSentinel);
      expect(scene.comments().join()).not.toContain(refusals.notConfirmed);
    });
  });
});
