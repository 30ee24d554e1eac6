import { isJsonObject, type Json, member, memberAt } from '../../../domain/json.ts';
import type { Action, Actions, WorkflowDefinition } from '../../../wdl/types.ts';
import type { Choice, Workflow } from '../../workflow.ts';
import { inWords, type Row, type RowGroup, rowGroup, shortened } from '../field-text.ts';
import { sequencesOf } from '../layout.ts';
import { colourOf } from '../svg.ts';
import { content, field } from './field.ts';
import { box, card, type Drawing, framed, LETTER, label, mark, moved, PANEL_WIDTH, panel } from './panel.ts';

/*
 * Where to click in the designer, drawn from the workflow as it is: so a picture shows the actions, rows, fields and values that a
 * reader finds. Undefined where the workflow has no such place, for people may have taken it away.
 */

const INSIDE = PANEL_WIDTH - 32;
const CONDITION_WIDTH = 680;

/** The rows of a condition, and where to add one. */
export function conditionPicture({ definition }: Workflow, key: string): string | undefined {
  const group = rowGroup(member(find(definition.actions, key), 'expression') as Json | undefined);
  if (!group) return undefined;
  const { height, shapes } = groupDrawing(group, CONDITION_WIDTH - 32, true);
  const drawing = panel(
    inWords(key),
    'If',
    { height: height + 24, shapes: [title('Condition expression'), moved(0, 24, shapes)] },
    CONDITION_WIDTH,
  );
  return framed(`The condition ${inWords(key)} in the designer`, CONDITION_WIDTH, drawing, [
    { number: 1, text: 'Another condition: New item, then value, operator and value.' },
    { number: 2, text: 'And: every row must hold. Or: one of them is enough.' },
  ]);
}

/** The fields of an action that sends, with their tokens. */
export function sendPicture({ definition }: Workflow, key: string): string | undefined {
  const drawing = sendPanel(definition, key, PANEL_WIDTH, Object.keys(fieldNames));
  return (
    drawing &&
    framed(`The action ${inWords(key)} in the designer`, PANEL_WIDTH, drawing, [
      { number: 1, text: 'Click behind a token and type, or take a token away with its cross.' },
      { number: 2, text: 'More tokens: click into the field, then the lightning sign, and choose one.' },
    ])
  );
}

/** The parameter pane, with the values that this configuration gives. */
export function parametersPicture({ choices }: Workflow): string | undefined {
  const shown = Object.entries(choices);
  if (shown.length === 0) return undefined;
  const bar = toolbar(PANEL_WIDTH, 'Parameters');
  let y = 44;
  const parameters = shown.map(([name, choice]) => {
    const { height, shapes } = parameter(name, choice);
    const placed = moved(16, y, shapes);
    y += height;
    return placed;
  });
  const first = shown.findIndex(([, { type }]) => type !== 'SecureString');
  const marked = mark(2, PANEL_WIDTH - 22, 44 + Math.max(0, first) * PARAMETER + 33);
  const pane = {
    height: y + 6,
    shapes: [card(PANEL_WIDTH, y + 6), label('Parameters', 16, 26, 'text', 'font-size="15"'), ...parameters, marked],
  };
  const drawing = {
    height: bar.height + 10 + pane.height,
    shapes: [...bar.shapes, mark(1, bar.at + 36, 2), moved(0, bar.height + 10, pane.shapes)],
  };
  return framed('The parameter pane of the designer', PANEL_WIDTH, drawing, [
    { number: 1, text: 'Parameters, above the workflow.' },
    { number: 2, text: 'Change the default value, close the pane, and save.' },
  ]);
}

/** The trigger with the URL to copy. */
export function triggerPicture({ definition }: Workflow): string | undefined {
  const [key = '', trigger] = Object.entries(definition.triggers)[0] ?? [];
  if (trigger?.type !== 'Request') return undefined;
  const url = field('HTTP URL', 'https://….logic.azure.com/workflows/…', INSIDE - 40);
  const schema = field('Request Body JSON Schema', '{ "type": "object", "properties": { … } }', INSIDE);
  const copy = `<rect x="${INSIDE - 26}" y="26" width="12" height="14" rx="2" fill="none" class="rule" stroke-width="1.5"/><rect x="${INSIDE - 22}" y="30" width="12" height="14" rx="2" class="box" stroke-width="1.5"/>`;
  const body = {
    height: url.height + schema.height,
    shapes: [...url.shapes, copy, mark(2, INSIDE - 4, 22), moved(0, url.height, schema.shapes)],
  };
  const { height, shapes } = panel(inWords(key), 'Request', body);
  return framed(
    `The trigger ${inWords(key)} in the designer`,
    PANEL_WIDTH,
    { height, shapes: [...shapes, mark(1, 14, 14)] },
    [
      { number: 1, text: `Click ${inWords(key)}, the first step: its panel opens.` },
      { number: 2, text: 'Copy the URL. Anybody who has it can call the playbook.' },
    ],
  );
}

/** The designer as a whole: toolbar, canvas and the panel of one action. */
export function designerPicture({ definition }: Workflow, key: string): string | undefined {
  const width = 798;
  const side = 448;
  const opened = sendPanel(definition, key, side, ['Title', 'Message', 'X-S4-ExternalID'], 2);
  if (!opened) return undefined;
  const bar = toolbar(width);
  const { shapes, height } = canvas(definition, key, width - side - 24);
  const top = bar.height + 12;
  const drawing: Drawing = {
    height: top + Math.max(height, opened.height),
    shapes: [
      ...bar.shapes,
      mark(3, 60, 2),
      mark(4, bar.at + 36, 2),
      moved(0, top, shapes),
      moved(width - side, top, opened.shapes),
    ],
  };
  return framed('The Logic Apps designer', width, drawing, [
    { number: 1, text: 'Click an action: its panel opens on the right.' },
    { number: 2, text: 'Change its fields. A token is a value of this run; fx is an expression.' },
    { number: 3, text: 'Save. Until then nothing has changed.' },
    { number: 4, text: 'Parameters: lists, tag and names that are choices.' },
  ]);
}

/** An action by its key, at any depth. */
function find(actions: Actions, key: string): Action | undefined {
  if (Object.hasOwn(actions, key)) return actions[key];
  for (const action of Object.values(actions))
    for (const [, inner] of sequencesOf(action)) {
      const found = find(inner, key);
      if (found) return found;
    }
  return undefined;
}

const title = (text: string) => `<text x="0" y="12" class="text" font-weight="600">${text}</text>`;

const ROW = 34;

/** `isOuter` carries the numbers of the hints. */
function groupDrawing({ word, members }: RowGroup, width: number, isOuter = false): Drawing {
  const shapes: string[] = [box(0, 0, 62, 24), label(word === 'or' ? 'Or' : 'And', 8, 16, 'text'), chevron(50, 10)];
  if (isOuter) shapes.push(mark(2, 74, 12));
  let y = 34;
  for (const member of members) {
    const isGroup = 'members' in member;
    const drawing = isGroup ? groupDrawing(member, width - 44) : rowDrawing(member, width - 44);
    shapes.push(`<path d="M20 ${y + 12}h16" class="rule"/>`, moved(44, y, drawing.shapes));
    y += drawing.height;
  }
  shapes.push(
    `<path d="M20 24V${y + 12}h20" fill="none" class="rule"/>`,
    box(44, y, 108, 24),
    label('+  New item', 56, y + 16, 'text', 'font-weight="600"'),
  );
  if (isOuter) shapes.push(mark(1, 166, y + 12));
  return { height: y + 36, shapes };
}

function rowDrawing({ left, operator, right }: Row, width: number): Drawing {
  const word = 144;
  const side = Math.floor((width - word - 8) / 2);
  const sides = [left, right].map((value) => content(value, side - 12).shapes.slice(0, 1));
  return {
    height: ROW,
    shapes: [
      box(0, 0, side, 26),
      moved(6, 2, sides[0] ?? []),
      box(side + 4, 0, word, 26),
      label(operator, side + 12, 17, 'text'),
      chevron(side + word - 12, 11),
      box(side + word + 8, 0, side, 26),
      moved(side + word + 14, 2, sides[1] ?? []),
    ],
  };
}

const chevron = (x: number, y: number) =>
  `<path d="M${x - 4} ${y}l4 4 4-4" fill="none" class="tab" stroke-width="1.5"/>`;

/** Fields of an event as the connector's definition calls them. */
export const fieldNames: Readonly<Record<string, string>> = {
  Title: 'Title',
  Message: 'Message',
  'X-S4-ExternalID': 'External ID',
  'X-S4-Status': 'Status',
  'X-S4-SourceSystem': 'Source System',
};

function sendPanel(
  definition: WorkflowDefinition,
  key: string,
  width: number,
  fields: readonly string[],
  number = 1,
): Drawing | undefined {
  const event = memberAt(find(definition.actions, key), 'inputs', 'body');
  if (!isJsonObject(event)) return undefined;
  const inside = width - 32;
  let y = 0;
  const shapes = fields.flatMap((name) => {
    const value = event[name];
    if (value === undefined) return [];
    const drawing = field(fieldNames[name] ?? name, value, inside, name === 'Title' || name === 'Message');
    const hint =
      name === 'Title'
        ? [mark(number, inside - 14, y + 34)]
        : name === 'Message' && number === 1
          ? [mark(2, inside - 14, y + 34)]
          : [];
    const placed = [moved(0, y, drawing.shapes), ...hint];
    y += drawing.height;
    return placed;
  });
  return panel(inWords(key), 'ApiConnection', { height: y, shapes }, width);
}

const PARAMETER = 62;

function parameter(name: string, { type, defaultValue }: Choice): Drawing {
  const isSecret = type === 'SecureString';
  const value = isSecret
    ? 'its value is kept beside the workflow'
    : typeof defaultValue === 'string'
      ? defaultValue
      : JSON.stringify(defaultValue ?? '');
  return {
    height: PARAMETER,
    shapes: [
      `<text x="0" y="12" class="text" font-weight="600">${name}<tspan class="soft" font-weight="400">   ${type === 'SecureString' ? 'Secure String' : type}</tspan></text>`,
      box(0, 20, INSIDE, 26),
      label(shortened(value, Math.floor((INSIDE - 40) / LETTER.small)), 8, 37, isSecret ? 'soft' : 'text'),
    ],
  };
}

const BUTTONS = ['Run', 'Save', 'Discard', 'Parameters', 'Code view'];

/** The bar above the workflow; `at`: where the button Parameters is. */
function toolbar(width: number, framedButton = ''): Drawing & { readonly at: number } {
  let x = 14;
  const shapes = [card(width, 36)];
  let at = 0;
  for (const name of BUTTONS) {
    const wide = name.length * LETTER.bold + 10;
    if (name === 'Parameters') at = x;
    if (name === framedButton)
      shapes.push(
        `<rect x="${x - 6}" y="6" width="${wide}" height="24" rx="4" fill="none" class="tab" stroke-width="2"/>`,
      );
    shapes.push(label(name, x, 22, 'text', name === framedButton ? 'font-weight="600"' : ''));
    x += wide + 14;
  }
  return { height: 36, shapes, at };
}

/** The steps below each other; of containers only those on the way to the action are open. */
function canvas(definition: WorkflowDefinition, key: string, width: number): Drawing {
  const [triggerName = '', trigger] = Object.entries(definition.triggers)[0] ?? [];
  const shapes: string[] = [];
  let y = 0;
  const put = (name: string, depth: number, type: string) => {
    const [x, wide] = [depth * 18, width - 2 * depth * 18];
    if (y > 0) shapes.push(`<path d="M${width / 2} ${y - 14}v14" class="rule" stroke-width="1.5"/>`);
    const isOpened = name === key;
    shapes.push(
      `<rect x="${x}" y="${y}" width="${wide}" height="30" rx="4" class="card"${isOpened ? ' stroke-width="2.5"' : ''}/>`,
      `<path d="M${x} ${y + 4}a4 4 0 0 1 4-4h2v30h-2a4 4 0 0 1-4-4z" fill="${colourOf(type)}"/>`,
      label(
        shortened(inWords(name), Math.floor((wide - 40) / LETTER.small)),
        x + 16,
        y + 19,
        'text',
        isOpened ? 'font-weight="700"' : '',
      ),
    );
    if (isOpened) shapes.push(mark(1, x + wide - 16, y + 15));
    y += 44;
  };
  const walk = (actions: Actions, depth: number) => {
    for (const [name, action] of inOrder(actions)) {
      put(name, depth, action.type);
      for (const [, inner] of sequencesOf(action)) if (find(inner, key)) walk(inner, depth + 1);
    }
  };
  put(triggerName, 0, trigger?.type ?? '');
  walk(definition.actions, 0);
  return { height: y - 14, shapes };
}

/** Actions as they run. */
function inOrder(actions: Actions): readonly (readonly [string, Action])[] {
  const left = new Map(Object.entries(actions));
  const ordered: (readonly [string, Action])[] = [];
  while (left.size > 0) {
    const ready = [...left].find(([, { runAfter = {} }]) => Object.keys(runAfter).every((name) => !left.has(name)));
    const next = ready ?? [...left][0];
    if (next === undefined) break;
    ordered.push(next);
    left.delete(next[0]);
  }
  return ordered;
}
