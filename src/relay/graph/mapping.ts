import type { Classification } from '../../domain/classification.ts';
import { sourceName } from '../../domain/products.ts';
import { parseSeverity, type ShownSeverity } from '../../domain/severity.ts';
import type { IncidentStatus } from '../../domain/status.ts';

/*
 * Words of the Microsoft Graph security API (v1.0, schema of August 2026) as those of Sentinel, a row each; domain/defender.ts has those
 * that are written. docs/defender.md shows the same tables to people. Reading takes any casing.
 */

/** The row of a word in any casing. */
function lookUp<T>(table: Readonly<Record<string, T>>, word = ''): T | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

interface ReadStatus {
  readonly status: IncidentStatus | undefined;
  /** What Sentinel has no word for. */
  readonly standing?: string;
}

/**
 * `incidentStatus`. `awaitingAction` is a call to the customer, which only Defender Experts make: nobody here has taken it yet,
 * so that it counts as new, and taking it sets it to `inProgress`.
 */
const statuses: Readonly<Record<string, ReadStatus>> = {
  active: { status: 'New' },
  inprogress: { status: 'Active' },
  resolved: { status: 'Closed' },
  redirected: { status: 'Closed' },
  awaitingaction: { status: 'New', standing: 'waits for your action (Defender Experts)' },
};

/** A status that is newer than this code, or kept back, is not a known state: it may page, and settles nothing. */
export function readGraphStatus(status: string): ReadStatus {
  const name = sourceName(status);
  return lookUp(statuses, status) ?? { status: undefined, standing: name === '' ? 'state unknown' : `state "${name}"` };
}

/** `alertSeverity` */
export function readGraphSeverity(severity: string): ShownSeverity {
  return parseSeverity(severity.trim()) ?? 'Unknown';
}

/** Names that only the reference's pages have, and older records may. */
const determinationSynonyms: Readonly<Record<string, string>> = {
  compromiseduser: 'compromisedaccount',
  clean: 'notmalicious',
  insufficientdata: 'notenoughdatatovalidate',
  confirmeduseractivity: 'confirmedactivity',
};

/** Withdrawn for writing in 2022: older records that have one count as true positives. */
const withdrawn: ReadonlySet<string> = new Set(['apt', 'securitypersonnel']);

const classificationsRead: Readonly<Record<string, Classification>> = {
  truepositive: 'TruePositive - SuspiciousActivity',
  informationalexpectedactivity: 'BenignPositive - SuspiciousButExpected',
  falsepositive: 'FalsePositive - IncorrectAlertLogic',
};

/** `alertDetermination` as a person says it. */
const spoken: Readonly<Record<string, string>> = {
  multistagedattack: 'multi-staged attack',
  malicioususeractivity: 'malicious user activity',
  compromisedaccount: 'compromised account',
  malware: 'malware',
  phishing: 'phishing',
  unwantedsoftware: 'unwanted software',
  securitytesting: 'security testing',
  lineofbusinessapplication: 'line-of-business application',
  confirmedactivity: 'confirmed activity',
  notmalicious: 'not malicious',
  notenoughdatatovalidate: 'not enough data to validate',
  apt: 'advanced persistent threat',
  securitypersonnel: 'security personnel',
};

/**
 * `alertClassification` and `alertDetermination` in words of Sentinel; null, `unknown` and what is newer than this code are
 * Undetermined. `words` is the determination for a note, which Sentinel has no place for; empty where it says nothing.
 */
export function readGraphVerdict(
  classification: string | undefined,
  determination: string | undefined,
): { readonly classification: Classification; readonly words: string } {
  const meant = lookUp(determinationSynonyms, determination) ?? (determination ?? '').trim().toLowerCase();
  const known = lookUp(classificationsRead, classification);
  const words = lookUp(spoken, meant) ?? '';
  if (withdrawn.has(meant)) return { classification: 'TruePositive - SuspiciousActivity', words };
  if (known === 'FalsePositive - IncorrectAlertLogic' && meant === 'notenoughdatatovalidate')
    return { classification: 'FalsePositive - InaccurateData', words };
  return { classification: known ?? 'Undetermined', words };
}
