import { describe, expect, it } from 'vitest';
import { classifications } from '../../../src/domain/classification.ts';
import { graphSeverities, graphStatuses, graphVerdicts } from '../../../src/domain/defender.ts';
import { severities } from '../../../src/domain/severity.ts';
import { readGraphSeverity, readGraphStatus, readGraphVerdict } from '../../../src/relay/graph/mapping.ts';
import { alertDeterminations, incidentStatuses } from '../../../src/simulator/graph/enums.ts';

describe('words of Sentinel for Graph', () => {
  it.each([
    ['New', 'active'],
    ['Active', 'inProgress'],
    ['Closed', 'resolved'],
  ] as const)('status %s is %s, both ways', (status, graph) => {
    expect(graphStatuses[status]).toBe(graph);
    expect(readGraphStatus(graph)).toEqual({ status });
  });

  it.each([
    ['High', 'high'],
    ['Medium', 'medium'],
    ['Low', 'low'],
    ['Informational', 'informational'],
  ] as const)('severity %s is %s, both ways', (severity, graph) => {
    expect(graphSeverities[severity]).toBe(graph);
    expect(readGraphSeverity(graph)).toBe(severity);
  });

  it.each([
    ['TruePositive - SuspiciousActivity', 'truePositive', 'other'],
    ['BenignPositive - SuspiciousButExpected', 'informationalExpectedActivity', 'confirmedActivity'],
    ['FalsePositive - IncorrectAlertLogic', 'falsePositive', 'notMalicious'],
    ['FalsePositive - InaccurateData', 'falsePositive', 'notEnoughDataToValidate'],
  ] as const)('%s is %s with %s, both ways', (sentinel, classification, determination) => {
    expect(graphVerdicts[sentinel]).toEqual({ classification, determination });
    expect(readGraphVerdict(classification, determination).classification).toBe(sentinel);
  });

  it('Undetermined leaves alone what an analyst decided', () => {
    expect(graphVerdicts.Undetermined).toBeUndefined();
  });

  it('are members of the schema that the service lets anybody write', () => {
    const written = classifications.flatMap((classification) => graphVerdicts[classification]?.determination ?? []);
    expect(written.filter((name) => !alertDeterminations.known.includes(name))).toEqual([]);
    expect(written.filter((name) => ['unknown', 'apt', 'securityPersonnel'].includes(name))).toEqual([]);
    expect(Object.values(graphStatuses).filter((status) => ['redirected', 'awaitingAction'].includes(status))).toEqual(
      [],
    );
    expect(severities.map((severity) => graphSeverities[severity])).not.toContain('unknown');
  });
});

describe('words of Graph for Sentinel', () => {
  it.each([
    ['active', 'New', undefined],
    ['inProgress', 'Active', undefined],
    ['resolved', 'Closed', undefined],
    ['redirected', 'Closed', undefined],
    ['awaitingAction', 'New', 'waits for your action (Defender Experts)'],
    ['AWAITINGACTION', 'New', 'waits for your action (Defender Experts)'],
    ['unknownFutureValue', undefined, 'state unknown'],
    ['', undefined, 'state unknown'],
    ['constructor', undefined, 'state "Constructor"'],
  ] as const)('status %s is %s', (graph, status, standing) => {
    expect(readGraphStatus(graph)).toEqual({ status, ...(standing && { standing }) });
  });

  it('has a row for every status of the schema', () => {
    const unread = [...incidentStatuses.known, ...incidentStatuses.hidden].filter(
      (status) => readGraphStatus(status).status === undefined,
    );
    expect(unread).toEqual([]);
  });

  const tp = 'TruePositive - SuspiciousActivity';
  const bp = 'BenignPositive - SuspiciousButExpected';
  const logic = 'FalsePositive - IncorrectAlertLogic';
  const data = 'FalsePositive - InaccurateData';
  it.each<[string | undefined, string | undefined, string, string]>([
    ['truePositive', 'multiStagedAttack', tp, 'multi-staged attack'],
    ['truePositive', 'maliciousUserActivity', tp, 'malicious user activity'],
    ['truePositive', 'compromisedAccount', tp, 'compromised account'],
    ['truePositive', 'malware', tp, 'malware'],
    ['truePositive', 'phishing', tp, 'phishing'],
    ['truePositive', 'unwantedSoftware', tp, 'unwanted software'],
    ['truePositive', 'other', tp, ''],
    ['truePositive', undefined, tp, ''],
    ['informationalExpectedActivity', 'securityTesting', bp, 'security testing'],
    ['informationalExpectedActivity', 'confirmedActivity', bp, 'confirmed activity'],
    ['informationalExpectedActivity', 'lineOfBusinessApplication', bp, 'line-of-business application'],
    ['informationalExpectedActivity', 'other', bp, ''],
    ['informationalExpectedActivity', undefined, bp, ''],
    ['falsePositive', 'notMalicious', logic, 'not malicious'],
    ['falsePositive', 'other', logic, ''],
    ['falsePositive', undefined, logic, ''],
    ['falsePositive', 'notEnoughDataToValidate', data, 'not enough data to validate'],
    ['unknown', 'unknown', 'Undetermined', ''],
    [undefined, undefined, 'Undetermined', ''],
    ['unknownFutureValue', 'phishing', 'Undetermined', 'phishing'],
    ['somethingNew', 'unknownFutureValue', 'Undetermined', ''],
    ['unknown', 'apt', tp, 'advanced persistent threat'],
    ['truePositive', 'apt', tp, 'advanced persistent threat'],
    [undefined, 'securityPersonnel', tp, 'security personnel'],
    ['truePositive', 'compromisedUser', tp, 'compromised account'],
    ['falsePositive', 'clean', logic, 'not malicious'],
    ['falsePositive', 'insufficientData', data, 'not enough data to validate'],
    ['informationalExpectedActivity', 'confirmedUserActivity', bp, 'confirmed activity'],
    ['TruePositive', 'Phishing', tp, 'phishing'],
  ])('%s with %s is %s', (classification, determination, sentinel, words) => {
    expect(readGraphVerdict(classification, determination)).toEqual({ classification: sentinel, words });
  });
});
