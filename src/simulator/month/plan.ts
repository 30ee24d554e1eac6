import { uuid5 } from '../../domain/uuid.ts';
import { createRandom } from '../ids.ts';

/** What happened to one incident in a month of a small SOC: the truth that the tables only show in rows. Times in ms. */
export interface IncidentPlan {
  readonly number: number;
  readonly name: string;
  readonly title: string;
  readonly product: string;
  readonly team: string;
  /** At the end of the month; some were raised on the way. */
  readonly severity: 'High' | 'Medium' | 'Low';
  readonly wasRaised: boolean;
  readonly created: number;
  /** Undefined: nobody was paged. */
  readonly paged: number | undefined;
  /** Where an automation rule set it Active before anybody looked. */
  readonly activated: number | undefined;
  readonly acked: { readonly at: number; readonly by: string; readonly onPhone: boolean } | undefined;
  readonly closed: { readonly at: number; readonly by: 'phone' | 'portal' | 'machine' } | undefined;
  /** Whether the run that should have paged failed at its first attempt. */
  readonly runFailed: boolean;
}

export const monthStart = Date.UTC(2026, 9, 1);
export const monthEnd = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const INCIDENTS = 240;
const NAMESPACE = '0d8f2b52-6a7e-4f53-8b0a-4f1f0f6d9c11';

const teams = ['SOC', 'SOC', 'Identity', 'Cloud'] as const;
const products = ['Microsoft Defender for Endpoint', 'Microsoft Defender for Identity', 'Azure Sentinel'] as const;
const titles = [
  ...['Impossible travel', 'Ransomware behaviour', 'Password spray', 'Suspicious sign-in'],
  ...['Mass download', 'New global administrator', 'Malware on a server', 'Token theft'],
] as const;
const people = ['Maria Lopez', 'Jonas Weber', 'Priya Nair', 'Tom Okafor', 'Anna Kowalska'] as const;

/** Incidents of October 2026 in the order of their creation. The same seed gives the same month. */
export function monthPlan(seed = 'October'): readonly IncidentPlan[] {
  const { fraction: draw } = createRandom(seed);
  const starts = Array.from({ length: INCIDENTS }, () => monthStart + Math.floor(draw() * (monthEnd - monthStart)));
  return starts.sort((a, b) => a - b).map((created, index) => incident(index + 1, secondsOnly(created), draw));
}

function incident(number: number, created: number, draw: () => number): IncidentPlan {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  const chance = (share: number) => draw() < share;
  const hour = new Date(created).getUTCHours();
  const isNight = hour < 6 || hour >= 22;
  const isPaged = !chance(0.03);
  const paged = isPaged ? secondsOnly(created + 20_000 + draw() * 90_000) : undefined;
  const activated = chance(0.08) ? created + 5_000 : undefined;
  const minutes = (isNight ? 6 : 2) + draw() ** 3 * (isNight ? 70 : 40);
  const acked =
    paged !== undefined && !chance(isNight ? 0.14 : 0.06)
      ? { at: secondsOnly(paged + minutes * MINUTE), by: pick(people), onPhone: chance(0.75) }
      : undefined;
  const hours = 0.3 + draw() ** 2 * 30;
  const closed = closing(acked, secondsOnly(created + hours * HOUR), chance(0.9), chance(0.4));
  const wasRaised = chance(0.1);
  return {
    number,
    name: uuid5(`incident ${number}`, NAMESPACE),
    title: pick(titles),
    product: pick(products),
    team: pick(teams),
    severity: wasRaised || chance(0.25) ? 'High' : chance(0.6) ? 'Medium' : 'Low',
    wasRaised,
    created,
    paged,
    activated: paged === undefined || activated === undefined || activated < paged ? activated : undefined,
    acked: isBefore(acked?.at) ? acked : undefined,
    closed: isBefore(closed?.at) ? closed : undefined,
    runFailed: chance(0.04),
  };
}

function closing(
  acked: IncidentPlan['acked'],
  at: number,
  isClosed: boolean,
  onPhone: boolean,
): IncidentPlan['closed'] {
  if (!isClosed) return undefined;
  if (acked === undefined) return onPhone ? { at: at + DAY, by: 'machine' } : undefined;
  return { at: Math.max(at, acked.at + 5 * MINUTE), by: onPhone ? 'phone' : 'portal' };
}

function isBefore(at: number | undefined): boolean {
  return at !== undefined && at < monthEnd - 10 * MINUTE;
}

function secondsOnly(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}
