import { describe, expect, it } from 'vitest';
import { messageFields } from '../../src/rules/fields.ts';
import { parsePlaceholder } from '../../src/rules/placeholder.ts';
import { fillTemplate, placeholdersOf } from '../../src/rules/template.ts';

const fill = (template: string) => fillTemplate(template, (placeholder) => (placeholder === 'a' ? 'A' : ''));

describe('filling in a template', () => {
  it.each([
    ['no placeholder', 'no placeholder'],
    ['{{a}}', 'A'],
    ['x {{ a }} y{{a}}', 'x A yA'],
    ['unknown: {{b}}.', 'unknown: .'],
    ['not closed {{a', 'not closed {{a'],
    ['not closed {{ a {{a}}', 'not closed {{ a A'],
    ['not opened }} {{a}}', 'not opened }} A'],
    ['{{{a}}}', '}'],
    ['{{}}', ''],
  ])('%s gives %s', (template, expected) => {
    expect(fill(template)).toBe(expected);
  });

  it('does not read again what it filled in', () => {
    expect(fillTemplate('{{title}}', () => '{{title}} {{secret}}')).toBe('{{title}} {{secret}}');
  });

  it('lists the placeholders', () => {
    expect(placeholdersOf('{{a}} {{ b | upper }} {{c')).toEqual(['a', 'b | upper']);
  });
});

describe('a placeholder', () => {
  const parse = (text: string) => parsePlaceholder(text, messageFields);

  it.each([
    ['incident.title', { field: 'incident.title', filters: [] }],
    ['Incident.Title', { field: 'incident.title', filters: [] }],
    ['alert.count', { field: 'alerts.count', filters: [] }],
    ['entities.hosts | join ", "', { field: 'entities.hosts', filters: [{ name: 'join', text: ', ' }] }],
    [
      'entities.hosts|first 3|join \' | \'|truncate 80|default "-"',
      {
        field: 'entities.hosts',
        filters: [
          { name: 'first', count: 3 },
          { name: 'join', text: ' | ' },
          { name: 'truncate', count: 80 },
          { name: 'default', text: '-' },
        ],
      },
    ],
    ['incident.tags | join "\\n"', { field: 'incident.tags', filters: [{ name: 'join', text: '\n' }] }],
    [
      'incident.title | default "a \\"b\\" \\\\"',
      { field: 'incident.title', filters: [{ name: 'default', text: 'a "b" \\' }] },
    ],
  ])('is understood: %s', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ['incident.titel', 'there is no field "incident.titel"', 'Did you mean "incident.title"?'],
    ['', 'a field is missing', /^Known: incident\.number/],
    ['incident.title | uper', 'there is no filter "uper"', 'Did you mean "upper"?'],
    ['incident.title | upper 3', '"upper" takes no argument', 'Write "| upper".'],
    ['incident.title | truncate', '"truncate" needs a whole number from 3 to 10000', 'Write "| truncate 10".'],
    ['incident.title | truncate 2', '"truncate" needs a whole number from 3 to 10000', 'Write "| truncate 10".'],
    ['incident.tags | join ,', '"join" needs a string', 'Write | join ", ".'],
    ['incident.tags | join ", ', 'a quotation mark is not closed', 'Write texts as "…".'],
    [
      'incident.title | join ", "',
      '"join" works on lists, and "incident.title" is a string here',
      'Leave "| join" out, or move it in front of the other filters.',
    ],
    [
      'incident.tags | upper | first 3',
      '"first" works on lists, and "incident.tags" is a string here',
      'Leave "| first" out, or move it in front of the other filters.',
    ],
  ])('is refused: %s', (text, problem, remedy) => {
    expect(parse(text)).toEqual({
      message: problem,
      remedy: typeof remedy === 'string' ? remedy : expect.stringMatching(remedy),
    });
  });
});
