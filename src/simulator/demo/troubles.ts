import { switched } from '../environment/environment.ts';
import type { FaultRule } from '../faults.ts';
import type { DemoSession } from './session.ts';

/** Things that the page can break: name in forms, words for people, what it does to the world. */
export interface Trouble {
  readonly name: string;
  readonly title: string;
  readonly explanation: string;
  readonly fault?: FaultRule;
}

export const troubles: readonly Trouble[] = [
  {
    name: 'relay',
    title: 'The relay is down',
    explanation: 'The playbook builds the alert itself; SIGNL4 repeats its notifications.',
    fault: { service: 'outside', path: '/api/*', fault: { kind: 'reset' } },
  },
  {
    name: 'sentinel',
    title: 'Sentinel answers 503',
    explanation: 'What people do in SIGNL4 waits in the relay.',
    fault: { service: 'sentinel', fault: { kind: 'status', status: 503 } },
  },
  {
    name: 'logs',
    title: 'Searches are denied',
    explanation: 'Log Analytics answers 403: the alert comes without rows.',
    fault: { service: 'logs', fault: { kind: 'status', status: 403 } },
  },
  {
    name: 'signl4',
    title: 'SIGNL4 is busy',
    explanation: 'Events are answered 429: the playbook tries again.',
    fault: {
      service: 'signl4',
      path: '/api/v2/events/*',
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '10' } },
    },
  },
  {
    name: 'rules',
    title: 'Automation rules are off',
    explanation: 'Nothing is sent until the sweep finds it, which may take half an hour.',
  },
];

/** Breaks or fixes; nothing happens where it is so already. */
export async function setTrouble(session: DemoSession, { name, title, fault }: Trouble, isOn: boolean): Promise<void> {
  if (session.faults.has(name) === isOn) return;
  await session.act(({ world }) => {
    if (isOn) session.faults.set(name, fault ? world.faults.add(fault) : rulesOff(session));
    else {
      session.faults.get(name)?.();
      session.faults.delete(name);
    }
    session.timeline.add('fault', isOn ? title : `fixed: ${title.toLowerCase()}`, isOn);
  });
}

function rulesOff({ environment }: DemoSession): () => void {
  const { rules } = environment.world.sentinel.automation;
  const set = (isEnabled: boolean) => {
    for (const rule of [...rules.values()]) rules.set(rule.name, switched(rule, isEnabled));
  };
  set(false);
  return () => set(true);
}
