import { findKey } from './context.ts';
import { WdlError } from './errors.ts';
import { shorten } from './lexer.ts';
import { numberText } from './number-text.ts';
import type { WdlArray, WdlObject, WdlValue } from './values.ts';
import { isArray, isNumber, isObject, typeName, wholeNumber } from './values.ts';

/** One step of a path: the key, whether it was written with `?`, and the whole expression for messages. */
export interface Selection {
  readonly key: WdlValue;
  readonly optional: boolean;
  readonly source: string;
}

/**
 * Reads a property or an element. Property names are matched exactly, else without regard to case. With `?`, a null
 * parent, a missing property and an index outside the array give null; a parent that is a string, a number or a boolean
 * fails either way, as in the service.
 */
export function select(parent: WdlValue, selection: Selection): WdlValue {
  if (parent === null) {
    if (selection.optional) return null;
    throw selectionError(
      'wdl.property-not-selectable',
      selection,
      `property '${keyText(selection.key)}' cannot be selected`,
      {
        remedy:
          'Its parent is null. Put a question mark before the property: the result is then null instead of an error.',
      },
    );
  }
  if (isArray(parent)) return selectElement(parent, selection);
  if (isObject(parent)) return selectProperty(parent, selection);
  throw selectionError(
    'wdl.property-not-selectable',
    selection,
    `property '${keyText(selection.key)}' cannot be selected. Property selection is not supported on values of type '${typeName(parent)}'`,
    typeof parent === 'string' ? { remedy: 'If the text is JSON, read it with json(…) first.' } : {},
  );
}

function selectElement(array: WdlArray, selection: Selection): WdlValue {
  const { key } = selection;
  const index = typeof key === 'string' && /^\d{1,9}$/.test(key) ? Number(key) : wholeNumber(key);
  if (index === undefined) {
    throw selectionError(
      'wdl.property-not-selectable',
      selection,
      `property '${keyText(key)}' cannot be selected. Array elements can only be selected using an integer index`,
      { remedy: 'Take an element with first(…), last(…) or [0], or loop over the array.' },
    );
  }
  const element = index < 0 ? undefined : array[index];
  if (element !== undefined) return element;
  if (selection.optional) return null;
  const bounds = array.length === 0 ? 'the array is empty' : `is outside bounds (0, ${array.length - 1}) of array`;
  throw selectionError(
    'wdl.index-out-of-range',
    selection,
    array.length === 0 ? `array index '${index}' does not exist: ${bounds}` : `array index '${index}' ${bounds}`,
    { remedy: 'Put a question mark before the index: the result is then null instead of an error.' },
  );
}

function selectProperty(object: WdlObject, selection: Selection): WdlValue {
  const { key } = selection;
  if (typeof key !== 'string' && !isNumber(key)) {
    throw selectionError(
      'wdl.property-not-selectable',
      selection,
      `a property cannot be selected with a value of type '${typeName(key)}'`,
    );
  }
  const name = keyText(key);
  const found = findKey(object, name);
  if (found !== undefined) return object[found] ?? null;
  if (selection.optional) return null;
  throw selectionError(
    'wdl.property-not-found',
    selection,
    `property '${name}' doesn't exist, available properties are '${availableNames(object)}'`,
    { remedy: 'Put a question mark before the property: the result is then null instead of an error.' },
  );
}

const MOST_NAMES = 50;

function availableNames(object: WdlObject): string {
  const names = Object.keys(object);
  return names.slice(0, MOST_NAMES).join(', ') + (names.length > MOST_NAMES ? ', …' : '');
}

function keyText(key: WdlValue): string {
  return typeof key === 'string' ? key : isNumber(key) ? numberText(key) : typeName(key);
}

type SelectionReason = 'wdl.property-not-selectable' | 'wdl.property-not-found' | 'wdl.index-out-of-range';

function selectionError(
  reason: SelectionReason,
  { source }: Selection,
  problem: string,
  details: { remedy?: string } = {},
): WdlError {
  return new WdlError(
    reason,
    `The template language expression '${shorten(source)}' cannot be evaluated because ${problem}. ` +
      'Please see https://aka.ms/logicexpressions for usage details.',
    { expression: source, ...details },
  );
}
