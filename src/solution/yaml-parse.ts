import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, Scalar } from 'yaml';
import { UserError } from '../domain/errors.ts';
import { JsonNumber, type JsonTree } from './json-tree.ts';

/**
 * Reads YAML as the packaging tool's reader does: a plain scalar is a whole number, a fraction, true or false where .NET reads
 * one (`1.0` is the number 1, `1,000` is 1000), nothing where it is empty, `~` or `null`, and a string in every other case. Quoted
 * scalars and blocks are texts.
 * @throws UserError `yaml.broken` with the line
 */
export function parseYaml(text: string, file: string): JsonTree {
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { schema: 'failsafe', uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    throw new UserError('yaml.broken', `no YAML: ${error.message.split('\n')[0]}`, {
      where: { file: line === undefined ? file : `${file}:${line}` },
      remedy: 'Correct the line; a string with a colon, a hash or a quote at its start needs quotes.',
    });
  }
  return treeOf(document.contents, document);
}

function treeOf(node: unknown, document: Document): JsonTree {
  if (isAlias(node)) return treeOf(node.resolve(document), document);
  if (isSeq(node)) return node.items.map((item) => treeOf(item, document));
  if (isMap(node)) {
    return new Map(
      node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), treeOf(value, document)]),
    );
  }
  return isScalar(node) ? scalarOf(node) : null;
}

function scalarOf({ type, value }: Scalar): JsonTree {
  const text = typeof value === 'string' ? value : '';
  if (type !== Scalar.PLAIN) return text;
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return numberOf(text) ?? text;
}

const NUMBER = /^[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

function numberOf(text: string): JsonNumber | undefined {
  if (!NUMBER.test(text)) return undefined;
  const plain = text.replaceAll(',', '');
  if (/^[+-]?\d+$/.test(plain)) {
    const whole = BigInt(plain.replace('+', ''));
    if (whole === BigInt.asIntN(64, whole)) return new JsonNumber(String(whole));
  }
  const value = Number(plain);
  return Number.isSafeInteger(value) ? new JsonNumber(String(value)) : new JsonNumber(JSON.stringify(value));
}
