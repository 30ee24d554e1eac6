import type { Alert } from '../../domain/alert.ts';
import { isJsonObject, listOf, member, objectOf, textOf } from '../../domain/json.ts';
import { defenderForCloudPlans, sourceName } from '../../domain/products.ts';
import { plainText } from '../../rules/html-text.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { readGraphSeverity } from './mapping.ts';

export interface GraphAlert {
  readonly alert: Alert;
  readonly techniques: readonly string[];
  /** The plan of Defender for Cloud that detected it; empty: none. */
  readonly plan: string;
  readonly evidence: readonly Evidence[];
}

/** Reads an alert (`alerts_v2`, or of an incident with `$expand=alerts`); undefined where it is none. */
export function readGraphAlert(value: unknown): GraphAlert | undefined {
  const text = (name: string) => (textOf(member(value, name)) ?? '').trim();
  if (!isJsonObject(value) || text('id') === '') return undefined;
  return {
    alert: {
      id: text('id'),
      title: text('title'),
      description: plainText(text('description')),
      severity: readGraphSeverity(text('severity')),
      product: productOf(text),
      tactics: tacticsOf(value),
      startTime: text('firstActivityDateTime') || undefined,
      endTime: text('lastActivityDateTime') || undefined,
      ruleIds: [],
      additional: objectOf(member(value, 'additionalData')),
    },
    techniques: listOf(member(value, 'mitreTechniques')).flatMap((technique) => textOf(technique) ?? []),
    plan: planOf(text('detectionSource')),
    evidence: listOf(member(value, 'evidence')).flatMap((evidence) => readEvidence(evidence) ?? []),
  };
}

/** The product by its own name, else by the service, else by the detection; empty where Graph tells none of them. */
function productOf(text: (name: string) => string): string {
  const product = text('productName');
  if (sourceName(product) !== '') return product;
  return sourceName(text('serviceSource')) || sourceName(text('detectionSource'));
}

function planOf(detectionSource: string): string {
  const name = sourceName(detectionSource);
  return defenderForCloudPlans.includes(name) ? name : '';
}

/** `categories`, which replace the deprecated `category`; the two need not agree. */
function tacticsOf(alert: unknown): readonly string[] {
  const texts = (values: readonly unknown[]) =>
    values.flatMap((value) => {
      const text = textOf(value)?.trim() ?? '';
      return sourceName(text) === '' ? [] : [text];
    });
  const categories = texts(listOf(member(alert, 'categories')));
  return categories.length > 0 ? categories : texts([member(alert, 'category')]);
}
