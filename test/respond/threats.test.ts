import { describe, expect, it } from 'vitest';
import { refusals } from '../../src/rules/respond.ts';
import { dutyModes } from '../../src/simulator/signl4/resources.ts';
import { expectRefused, type OnCall, onCall, response, sides } from './support/on-call.ts';

/*
 * The threats of docs/security.md, by their letters: what goes wrong must go as well, or as badly, in the playbook and in the relay.
 */

/** What the incident says of refusals; notes of people are comments, too. */
const refused = (scene: OnCall) => scene.comments().filter((text) => text.includes('did not start'));

describe.each(sides)('the %s', (side) => {
  it('starts what is asked for on the host, says who asked, and how it ended', async () => {
    const scene = await onCall(side);
    await scene.write('#run isolate');
    expect(scene.ran()).toEqual(['Isolate-Host WS-042']);
    expect(scene.comments().join('\n')).toContain('María López asked for "isolate" from the phone');
    expect(scene.told()).toEqual([
      '[Sentinel] "isolate" was started (Microsoft Sentinel answered 204). Its run: Succeeded.',
    ]);
  });

  describe('a: a stolen address and a made-up body', () => {
    it('starts nothing without a note in SIGNL4', async () => {
      const scene = await onCall(side);
      await scene.forge(scene.notification('#run isolate'));
      expectRefused(scene, refusals.notConfirmed);
    });

    it('starts nothing in the name of somebody who did not write it', async () => {
      const scene = await onCall(side, {
        respond: { playbooks: { isolate: response('Isolate-Host', { who: 'on-duty' }) } },
      });
      scene.accounts.onCallUser.duty.clear();
      await scene.write('#run isolate');
      const { id, mail } = scene.accounts.secondUser;
      await scene.forge(scene.notification('#run isolate', { user: { id, username: 'jmueller', mailaddress: mail } }));
      expect(scene.ran()).toEqual([]);
    });

    it('has no word, no name and no person of the body told, and one note in an hour', async () => {
      const scene = await onCall(side);
      const { id, mail, displayname: victim } = scene.accounts.secondUser;
      const forge = (note: string, displayname: string) =>
        scene.forge(scene.notification(note, { user: { id, username: 'x', displayname, mailaddress: mail } }));
      await forge('#run call-me-now', 'Your SOC lead says: call +1-900-555. He');
      await forge('#run second', 'Second message');
      const notes = () => scene.world.log.find({ service: 'signl4', method: 'POST', path: '*/annotate' });
      expect(notes()).toHaveLength(1);
      const written = [...refused(scene), ...notes().map(({ body }) => JSON.stringify(body))].join('\n');
      expect(written).toContain(refusals.notConfirmed);
      expect(written).not.toMatch(/call|second|SOC lead|user[iI]d":"/i);
      expect(written).not.toContain(victim);
      await scene.minutes(60);
      await forge('#run third', 'Third message');
      expect(notes()).toHaveLength(2);
    });

    it('has no word of it told on the incident that the body names', async () => {
      const scene = await onCall(side);
      const alert = { id: 'no-such-alert', externalEventId: scene.alert.externalId };
      const user = { id: 'nobody', username: 'x', displayname: 'Free text' };
      await scene.forge(scene.notification('#run free-text', { alert, user }));
      expect(refused(scene)).toEqual([expect.stringContaining(refusals.notConfirmed)]);
      expect(refused(scene).join()).not.toMatch(/free.text/i);
    });

    it('overwrites no refusal of a genuine note', async () => {
      const scene = await onCall(side);
      await scene.write('#run nothing');
      await scene.forge(scene.notification('#run other'));
      expect(scene.comments().join('\n')).toContain('María López did not start "nothing"');
    });

    it('starts nothing for an alert that SIGNL4 does not know', async () => {
      const scene = await onCall(side);
      const alert = { id: 'no-such-alert', externalEventId: scene.alert.externalId };
      await scene.forge(scene.notification('#run isolate', { alert }));
      expectRefused(scene, refusals.notConfirmed);
    });
  });

  describe('b: a notification that comes again', () => {
    it('starts nothing more', async () => {
      const scene = await onCall(side);
      await scene.write('#run isolate');
      await scene.forge(scene.lastTold());
      expect(scene.ran()).toHaveLength(1);
    });

    it('starts nothing more under another id', async () => {
      const scene = await onCall(side);
      await scene.write('#run isolate');
      const told = scene.notification('#run isolate');
      await scene.forge(told);
      expect(scene.ran()).toHaveLength(1);
    });

    it('starts nothing more under another id a quarter of an hour later', async () => {
      const scene = await onCall(side);
      await scene.write('#run isolate', { wait: 15 });
      await scene.forge(scene.notification('#run isolate'));
      expect(scene.ran()).toHaveLength(1);
      expect(scene.comments().join('\n')).toContain(refusals.notConfirmed);
    });

    it('starts nothing once the alert is closed', async () => {
      const scene = await onCall(side);
      scene.world.signl4.store.close(scene.alert.id, scene.accounts.onCallUser);
      await scene.write('#run isolate');
      expectRefused(scene, refusals.notOurs);
    });
  });

  it('c: works on the incident of the alert, whatever the body says', async () => {
    const scene = await onCall(side);
    const other = await scene.raise('Another incident', ['WS-100']);
    // What SIGNL4 tells itself does not arrive.
    scene.world.signl4.store.webhooks.splice(0);
    await scene.write('#run isolate', { wait: 1 });
    const alert = { id: scene.alert.id, externalEventId: other.alert.externalId };
    await scene.forge(scene.notification('#run isolate', { alert }));
    expect(scene.ran()).toEqual(['Isolate-Host WS-042']);
    expect(scene.comments(other.incident).join('\n')).not.toContain('asked for "isolate"');
    expect(scene.comments().join('\n')).toContain('asked for "isolate"');
  });

  it('c: starts nothing from an alert about an incident of another workspace', async () => {
    const scene = await onCall(side);
    const elsewhere = `sentinel:00000000-aaaa-4bbb-8ccc-000000000001:${scene.incident.name}`;
    const { signl4 } = scene.world;
    const alert = signl4.store.raise(scene.accounts.team, {
      title: 'A',
      text: '',
      externalId: elsewhere,
      parameters: [],
    });
    signl4.store.acknowledge(alert.id, scene.accounts.onCallUser);
    signl4.store.webhooks.splice(0);
    await scene.write('#run isolate', { to: alert, wait: 1 });
    // The body names an incident that is here, so that it is looked at.
    const named = { id: alert.id, externalEventId: scene.alert.externalId };
    await scene.forge(scene.notification('#run isolate', { alert: named }));
    expect(scene.calls()).toBe(0);
    expect(scene.comments().join('\n')).not.toContain('asked for');
    expect(scene.told(alert).join()).toContain(refusals.notOurs);
  });

  describe('d: a person who may not', () => {
    const onDuty = { playbooks: { isolate: response('Isolate-Host', { who: 'on-duty' }) } } as const;

    it('has gone off duty', async () => {
      const scene = await onCall(side, { respond: onDuty });
      scene.world.signl4.store.setDuty(scene.accounts.onCallUser, scene.accounts.team, dutyModes.off);
      await scene.write('#run isolate');
      expectRefused(scene, refusals.notOnDuty);
    });

    it('is on duty in another team only', async () => {
      const scene = await onCall(side, { respond: onDuty });
      const { onCallUser, team, otherTeam } = scene.accounts;
      scene.world.signl4.store.setDuty(onCallUser, team, dutyModes.off);
      otherTeam.memberIds.push(onCallUser.id);
      scene.world.signl4.store.setDuty(onCallUser, otherTeam, dutyModes.primary);
      await scene.write('#run isolate');
      expectRefused(scene, refusals.notOnDuty);
    });

    it.each([{ isDeactivated: true }, { isInvite: true }])('is not an active user: %o', async (flags) => {
      const scene = await onCall(side);
      Object.assign(scene.accounts.onCallUser, flags);
      await scene.write('#run isolate');
      expectRefused(scene, refusals.notActive);
    });

    it('does not hold the alert, or holds it no more', async () => {
      const scene = await onCall(side);
      await scene.write('#run isolate', { by: scene.accounts.secondUser });
      scene.world.signl4.store.undoAcknowledge(scene.alert.id, scene.accounts.onCallUser);
      await scene.write('#run isolate');
      expectRefused(scene, refusals.notHolding);
    });

    it('acknowledged it, and nobody holds it: it rings again', async () => {
      const scene = await onCall(side);
      const { id, externalId } = scene.alert;
      scene.signl4Says({
        ...{ id, externalId, teamId: scene.accounts.team.id, status: { statusCode: 1 } },
        history: { acknowledgements: [scene.accounts.onCallUser.id] },
        timelineEntries: [
          {
            ...{ text: '#run isolate', userId: scene.accounts.onCallUser.id },
            timestamp: new Date(scene.clock.now()).toISOString(),
          },
        ],
      });
      await scene.write('#run isolate');
      expectRefused(scene, refusals.notHolding);
    });

    it('may where the duty is that of a manager', async () => {
      const scene = await onCall(side, { respond: onDuty });
      scene.world.signl4.store.setDuty(scene.accounts.onCallUser, scene.accounts.team, dutyModes.manager);
      await scene.write('#run isolate');
      expect(scene.ran()).toEqual(['Isolate-Host WS-042']);
    });

    it('neither holds the alert nor is on duty', async () => {
      const either = { playbooks: { isolate: response('Isolate-Host', { who: 'either' }) } } as const;
      const scene = await onCall(side, { respond: either });
      scene.accounts.secondUser.duty.clear();
      await scene.write('#run isolate', { by: scene.accounts.secondUser });
      expectRefused(scene, refusals.neither);
    });

    it('is not on the list of people', async () => {
      const people = { playbooks: { isolate: response('Isolate-Host', { people: ['chief@contoso.com'] }) } };
      const scene = await onCall(side, { respond: people });
      await scene.write('#run isolate');
      expectRefused(scene, refusals.notThisPerson);
    });
  });

  it('e: starts nothing from the alert of a team that is not on the list', async () => {
    const teams = ['7c1f5d0e-3a52-4c18-9b7a-0d2f6e4a8b11'];
    const scene = await onCall(side, { respond: { playbooks: { isolate: response('Isolate-Host', { teams }) } } });
    await scene.write('#run isolate');
    expectRefused(scene, refusals.notThisTeam);
  });

  describe('f: a command in the words of others', () => {
    it.each(['> #run isolate', 'please do not #run isolate', '[Sentinel] #run isolate', 'FW: #run isolate'])(
      'is none where a note quotes it: %s',
      async (note) => {
        const scene = await onCall(side);
        await scene.write(note);
        expect(scene.ran()).toEqual([]);
        expect(scene.told()).toEqual(note.startsWith('[Sentinel]') ? [note] : []);
      },
    );

    it('is none where a made-up body leaves out what precedes it', async () => {
      const scene = await onCall(side);
      await scene.write('please do not #run isolate', { wait: 1 });
      await scene.forge(scene.notification('#run isolate'));
      expectRefused(scene, refusals.notConfirmed);
    });

    it('is none where a made-up body shortens it', async () => {
      const scene = await onCall(side, { hosts: ['WS-042', 'WS-043'] });
      await scene.write('#run isolate WS-042-old', { wait: 1 });
      await scene.forge(scene.notification('#run isolate WS-042'));
      expectRefused(scene, refusals.notConfirmed);
    });
  });

  describe('g: look-alike names', () => {
    it.each(['#run \u0456solate', '#run isolate\u200b', '#run isolat', '#run constructor', '#run __proto__', '#run'])(
      '%j starts nothing',
      async (note) => {
        const scene = await onCall(side);
        await scene.write(note);
        expectRefused(scene, refusals.unknown);
      },
    );

    it('upper case and words of more than one line are no others', async () => {
      const scene = await onCall(side);
      await scene.write('#RUN Isolate');
      expect(scene.ran()).toHaveLength(1);
    });
  });

  describe('h: the wrong entity', () => {
    it('is not guessed among several', async () => {
      const scene = await onCall(side, { hosts: ['WS-042', 'WS-043'] });
      await scene.write('#run isolate');
      expectRefused(scene, refusals.noEntity);
    });

    it('is the one that is named, also where another begins like it', async () => {
      const scene = await onCall(side, { hosts: ['WS-042', 'WS-0421'] });
      await scene.write('#run isolate ws-042');
      expect(scene.ran()).toEqual(['Isolate-Host WS-042']);
    });

    it('is not one whose name only contains the word', async () => {
      const scene = await onCall(side);
      await scene.write('#run isolate ws-04');
      expectRefused(scene, refusals.noEntity);
    });

    it('is not one of another kind', async () => {
      const scene = await onCall(side, {
        respond: { playbooks: { isolate: response('Block-User', { on: 'account' }) } },
      });
      await scene.write('#run isolate WS-042');
      expectRefused(scene, refusals.noEntity);
    });

    it('is not a protected one', async () => {
      const scene = await onCall(side, { hosts: ['dc01'], respond: { protected: ['DC01'] } });
      await scene.write('#run isolate');
      expectRefused(scene, refusals.protected);
    });

    it('is not another one than was asked for first', async () => {
      const scene = await onCall(side, { hosts: ['WS-042', 'SRV-001'] });
      await scene.write('#run wipe WS-042', { wait: 1 });
      await scene.write('#confirm wipe SRV-001');
      expectRefused(scene, refusals.notAskedTwice);
    });
  });

  describe('i: a start that happens twice', () => {
    it('does not, where SIGNL4 tells everything twice', async () => {
      const scene = await onCall(side);
      scene.world.signl4.outbound.settings.copies = 2;
      await scene.write('#run isolate');
      expect(scene.ran()).toHaveLength(1);
    });

    it('does not, where Microsoft Sentinel did it and the answer is lost', async () => {
      const scene = await onCall(side);
      scene.world.faults.add({
        ...{ service: 'sentinel', method: 'POST', path: '*/runPlaybook', afterWork: true },
        fault: { kind: 'status', status: 503 },
      });
      await scene.write('#run isolate', { wait: 15 });
      expect(scene.ran()).toHaveLength(1);
      expect(scene.told().join()).not.toContain('not started');
    });
  });

  describe('j: a flood', () => {
    it('ends after as many starts from an alert as are allowed', async () => {
      const scene = await onCall(side, { respond: { perHour: 3 } });
      for (let n = 0; n < 5; n++) await scene.write('#run isolate', { wait: 1 });
      await scene.minutes(3);
      expect(scene.ran()).toHaveLength(3);
      expect(scene.comments().join('\n')).toContain(refusals.tooMany);
    });

    it('ends the same where each start is confirmed', async () => {
      const scene = await onCall(side, { respond: { perHour: 3 } });
      for (let n = 0; n < 5; n++) {
        await scene.write('#run wipe', { wait: 1 });
        await scene.write('#confirm wipe', { wait: 1 });
      }
      await scene.minutes(3);
      expect(scene.ran()).toHaveLength(3);
    });
  });

  it('j: a flood of made-up bodies writes one comment in an hour', async () => {
    const scene = await onCall(side);
    for (let n = 0; n < 5; n++) await scene.forge(scene.notification('#run isolate'), 1);
    expect(scene.comments().filter((text) => text.includes('did not start'))).toHaveLength(1);
    expect(scene.ran()).toEqual([]);
  });

  describe('k: SIGNL4 that cannot be asked', () => {
    it.each([503, 429, 401])('starts nothing where it answers %i', async (status) => {
      const scene = await onCall(side);
      scene.world.faults.add({ service: 'signl4', method: 'GET', fault: { kind: 'status', status } });
      await scene.write('#run isolate', { wait: 20 });
      expectRefused(scene, refusals.cannotAsk);
    });

    it.each([{ kind: 'reset' }, { kind: 'status', status: 503, body: 'down for maintenance' }] as const)(
      'starts nothing, and says so, where no answer of it can be read: %o',
      async (fault) => {
        const scene = await onCall(side);
        scene.world.faults.add({ service: 'signl4', path: '*/details', fault });
        await scene.write('#run isolate', { wait: 20 });
        expectRefused(scene, refusals.cannotAsk);
      },
    );

    it('starts nothing where it does not say who the person is', async () => {
      const scene = await onCall(side);
      scene.world.faults.add({ service: 'signl4', path: '*/users', fault: { kind: 'status', status: 503 } });
      await scene.write('#run isolate', { wait: 20 });
      expectRefused(scene, refusals.cannotAsk);
    });
  });

  it.each([
    ['the list has another word', { wipe: response('Wipe-Host', { confirm: true }) }],
    ['the list is empty', {}],
  ])('l: what is taken off the list is started no more: %s', async (_, playbooks) => {
    const scene = await onCall(side);
    await scene.write('#run isolate');
    const { config } = scene.environment;
    scene.environment.reconfigure({ ...config, respond: { ...config.respond, playbooks } });
    await scene.write('#run isolate');
    expect(scene.calls()).toBe(1);
  });

  it('l: a note names a word of the list, never a playbook', async () => {
    const scene = await onCall(side);
    const { playbook } = response('Write-Report');
    await scene.write(`#run ${playbook}`);
    expectRefused(scene, refusals.unknown);
  });

  describe('m: rights', () => {
    it('that are missing are said on the phone', async () => {
      const scene = await onCall(side);
      scene.world.sentinel.automation.settings.mayRunPlaybooks = false;
      await scene.write('#run isolate', { wait: 15 });
      expect(scene.told()).toEqual([
        '[Sentinel] "isolate" was not started (Microsoft Sentinel answered 400). Its run: cannot be seen.',
      ]);
    });
  });

  describe('n: an end that nobody hears of', () => {
    it('is told where the runs cannot be read', async () => {
      const scene = await onCall(side);
      scene.world.faults.add({ path: '*/runs', fault: { kind: 'status', status: 403 } });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.told()).toEqual([
        '[Sentinel] "isolate" was started (Microsoft Sentinel answered 204). Its run: cannot be seen.',
      ]);
    });

    it('is not that of a later run of the same playbook', async () => {
      const scene = await onCall(side, { hosts: ['WS-042', 'WS-043'] });
      const runsOf = scene.world.sentinel.automation.runsOf;
      // The first goes on for five minutes, the second fails at once.
      scene.world.sentinel.automation.runsOf = (id, since) => {
        const order = (runsOf(id, since) ?? []).toReversed();
        const isOver = scene.clock.now() > (scene.firstStart() ?? 0) + 5 * 60_000;
        const first = scene.firstStart();
        return order
          .map((run) => {
            const properties = run['properties'] as { startTime: string };
            const isFirst = Date.parse(properties.startTime) === first;
            return {
              ...run,
              properties: { ...properties, status: isFirst ? (isOver ? 'Succeeded' : 'Running') : 'Failed' },
            };
          })
          .toReversed();
      };
      await scene.write('#run isolate WS-042', { wait: 1 });
      await scene.write('#run isolate WS-043', { wait: 10 });
      expect(scene.told().map((text) => text.split(' ').at(-1))).toEqual(['Failed.', 'Succeeded.']);
    });
  });

  it('o: answers the same to everybody', async () => {
    const scene = await onCall(side);
    const bodies = [
      scene.notification('#run isolate'),
      scene.notification('#run nothing'),
      scene.notification('thanks'),
    ];
    const answers: number[] = [];
    for (const body of bodies) answers.push(await scene.forge(body, 1));
    expect(answers).toEqual([202, 202, 202]);
  });

  it('p: no secret is in run histories, comments and notes', async () => {
    const scene = await onCall(side);
    await scene.write('#run isolate');
    expect(scene.ran()).toHaveLength(1);
    const kept = JSON.stringify([scene.environment.history.runs, scene.comments(), scene.told()]);
    expect(kept).not.toContain(scene.world.signl4.apiKey);
    expect(kept).not.toMatch(/\beyJ[\w-]{10}|sig=/);
  });

  describe('q: a lost phone', () => {
    it('starts nothing that asks twice with one note', async () => {
      const scene = await onCall(side);
      await scene.write('#run wipe');
      expectRefused(scene, refusals.notAskedTwice);
    });

    it('starts nothing where the two notes are too far apart, or by two people', async () => {
      const scene = await onCall(side, {
        respond: { playbooks: { wipe: response('Wipe-Host', { confirm: true, who: 'on-duty' }) } },
      });
      await scene.write('#run wipe', { wait: 1 });
      await scene.write('#confirm wipe', { by: scene.accounts.secondUser, wait: 11 });
      await scene.write('#confirm wipe');
      expectRefused(scene, refusals.notAskedTwice);
    });

    it('starts it with two', async () => {
      const scene = await onCall(side);
      await scene.write('#run wipe', { wait: 1 });
      await scene.write('#confirm wipe');
      expect(scene.ran()).toHaveLength(1);
    });
  });

  it('r: what is told comes back and starts nothing more', async () => {
    const scene = await onCall(side);
    await scene.write('#run isolate', { wait: 30 });
    await scene.forge(scene.lastTold(), 30);
    expect(scene.ran()).toHaveLength(1);
    expect(scene.told()).toHaveLength(1);
    expect(scene.world.signl4.store.alertsOf(scene.alert.externalId)).toHaveLength(1);
  });
});
