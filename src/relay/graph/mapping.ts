import type { Classification } from '../../domain/classification.ts';
import { sourceName } from '../../domain/products.ts';
import { parseSeverity, type ShownSeverity } from '../../domain/severity.ts';
import type { IncidentStatus } from '../../domain/status.ts';

/*
 * Enumerations of the Microsoft Graph security API (v1.0, schema of August 2026) in Sentinel's terms, one row each; values that
 * we write are in domain/defender.ts. docs/defender.md shows the same tables. Reading ignores case.
 */

/** Looks a value up regardless of case. */
function lookUp<T>(table: Readonly<Record<string, T>>, word = ''): T | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

interface ReadStatus {
  readonly status: IncidentStatus | undefined;
  /** Description of a state that Sentinel does not have. */
  readonly standing?: string;
}

/**
 * `incidentStatus`. `awaitingAction` asks the customer to act and is only set by Defender Experts. Nobody has taken the incident
 * yet, so it counts as new; taking it sets `inProgress`.
 */
const statuses: Readonly<Record<string, ReadStatus>> = {
  active: { status: 'New' },
  inprogress: { status: 'Active' },
  resolved: { status: 'Closed' },
  redirected: { status: 'Closed' },
  awaitingaction: { status: 'New', standing: 'waits for your action (Defender Experts)' },
};

/** A status newer than this code, or withheld, maps to no known state: it may page, and closes nothing. */
export function readGraphStatus(status: string): ReadStatus {
  const name = sourceName(status);
  return lookUp(statuses, status) ?? { status: undefined, standing: name === '' ? 'state unknown' : `state "${name}"` };
}

/** `alertSeverity` */
export function readGraphSeverity(severity: string): ShownSeverity {
  return parseSeverity(severity.trim()) ?? 'Unknown';
}

/** Names that only the reference pages use, and perhaps older records. */
const determinationSynonyms: Readonly<Record<string, string>> = {
  compromiseduser: 'compromisedaccount',
  clean: 'notmalicious',
  insufficientdata: 'notenoughdatatovalidate',
  confirmeduseractivity: 'confirmedactivity',
};

/** Not writable since 2022; in older records they count as true positives. */
const withdrawn: ReadonlySet<string> = new Set(['apt', 'securitypersonnel']);

const classificationsRead: Readonly<Record<string, Classification>> = {
  truepositive: 'TruePositive - SuspiciousActivity',
  informationalexpectedactivity: 'BenignPositive - SuspiciousButExpected',
  falsepositive: 'FalsePositive - IncorrectAlertLogic',
};

/** `alertDetermination` for people. */
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
 * `alertClassification` and `alertDetermination` in Sentinel's terms; null, `unknown` and values newer than this code are
 * Undetermined. `words` is the determination for a note, because Sentinel has no field for it; empty if it says nothing.
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
