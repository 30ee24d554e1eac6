import { describe, expect, it } from 'vitest';
import { renderLiquid } from '../../src/engine/liquid/render.ts';
import { parseJsonText } from '../../src/wdl/json-text.ts';
import type { WdlValue } from '../../src/wdl/values.ts';

const now = Date.UTC(2018, 2, 5, 13, 2, 3);
const render = (source: string, content: WdlValue = null) => renderLiquid(source, content, now).text;

/** Examples of "Transform JSON and XML using Liquid templates as maps" (Microsoft), with what they make. */
describe('examples of the documentation', () => {
  const person = {
    devices: 'Surface, Mobile, Desktop computer, Monitors',
    firstName: 'Dean',
    lastName: 'Ledet',
    phone: '(111)0001111',
  };

  it('make JSON of JSON', () => {
    const map = [
      "{%- assign deviceList = content.devices | Split: ', ' -%}",
      '',
      '{',
      `   "fullName": "{{content.firstName | Append: ' ' | Append: content.lastName}}",`,
      '   "firstNameUpperCase": "{{content.firstName | Upcase}}",',
      '   "phoneAreaCode": "{{content.phone | Slice: 1, 3}}",',
      '   "devices" : [',
      '      {%- for device in deviceList -%}',
      '         {%- if forloop.Last == true -%}',
      '         "{{device}}"',
      '         {%- else -%}',
      '         "{{device}}",',
      '         {%- endif -%}',
      '      {%- endfor -%}',
      '   ]',
      '}',
    ].join('\n');
    expect(JSON.parse(render(map, person))).toEqual({
      fullName: 'Dean Ledet',
      firstNameUpperCase: 'DEAN',
      phoneAreaCode: '111',
      devices: ['Surface', 'Mobile', 'Desktop computer', 'Monitors'],
    });
  });

  it('make text of JSON', () => {
    expect(render("{{content.firstName | Append: ' ' | Append: content.lastName}}", person)).toBe('Dean Ledet');
  });

  it('escape a backslash with a regular expression, or fail where it is none', () => {
    const quote = `'The quick brown fox "jumped" over the sleeping dog\\\\'`;
    expect(render(`{ "SampleText": "{{ ${quote} | Replace: '\\\\', '\\\\' | Replace: '"', '\\"'}}"}`)).toBe(
      String.raw`{ "SampleText": "The quick brown fox \"jumped\" over the sleeping dog\\\\"}`,
    );
    expect(render(`{ "SampleText": "{{ ${quote} | Replace: '\\', '\\\\' | Replace: '"', '\\"'}}"}`)).toBe(
      String.raw`{ "SampleText": "Liquid error: parsing "\" - Illegal \ at end of pattern."}`,
    );
  });

  it('sort by text, without regard to case', () => {
    expect(render("{{ content | Sort | Join: ',' }}", ['b', 'A', 'c', 'B', 'a'])).toBe('a,A,b,B,c');
    expect(render("{{ content | Sort | Join: ',' }}", [10, 9, 100])).toBe('10,100,9');
    const people = [{ name: 'zoe' }, { name: 'Anna' }, { name: 'bert' }];
    expect(render("{{ content | Sort: 'name' | Map: 'name' | Join: ',' }}", people)).toBe('Anna,bert,zoe');
  });

  it('know no filter json, and none with a small first letter', () => {
    expect(renderLiquid("{{ 'a' | upcase }} {{ 3 | divided_by: 2 }} {{ 'x' | json }}", null, now)).toEqual({
      text: 'a 3 x',
      warnings: [
        "There is no filter 'upcase': it changes nothing. Its name is 'Upcase'.",
        "There is no filter 'divided_by': it changes nothing. Its name is 'DividedBy'.",
        "There is no filter 'json': it changes nothing.",
      ],
    });
  });
});

describe('a map in the manner of a public playbook', () => {
  it('counts on commas behind the last member, and on a small filter that changes nothing', () => {
    const map = `{% assign table = content.tables[0] -%}
{% assign end = table.columns.size | minus: 1 -%}
[
{%- for row in table.rows -%}
  {
  {%- for at in (0..end) -%}
    {%- if at == end -%}{%- break -%}{%- endif -%}
    "{{ table.columns[at].name }}": "{{ row[at] | Replace: '"', '\\"' }}",
  {%- endfor -%}
  },
{%- endfor -%}
]`;
    const columns = [{ name: 'Computer' }, { name: 'Text' }];
    const content = {
      tables: [
        {
          columns,
          rows: [
            ['vm1', 'a "b"'],
            ['vm2', 7],
          ],
        },
      ],
    };
    expect(render(map, content).replace(/\s+/g, ' ')).toBe(
      String.raw`[ { "Computer": "vm1", "Text": "a \"b\"", }, { "Computer": "vm2", "Text": "7", }, ]`,
    );
  });
});

/** Template, content, what it makes. Behaviour of DotLiquid at b6a7d99, the version that Microsoft's page links. */
const CASES: readonly (readonly [string, string, WdlValue, string])[] = [
  ['a path that leads nowhere', '[{{ content.a.b }}{{ other }}{{ content.list[9] }}]', { list: [] }, '[]'],
  ['names by their case, and in brackets', "{{ content.a }}{{ content['A'] }}{{ content.A }}", { A: 1 }, '11'],
  ['size, first and last', '{{ content.l.size }}{{ content.l.first }}{{ content.l.last }}', { l: [3, 4, 5] }, '335'],
  ['a member of the name size', '{{ content.size }}', { size: 'XL' }, 'XL'],
  ['values as text', '{{ content | Join: "," }}', [null, true, 1.5, 'x'], ',True,1.5,x'],
  ['a boolean alone', '{{ content }}{{ false }}', true, 'truefalse'],
  ['a list without anything between', '{{ content }}', [1, 2], '12'],
  ['nothing for an object', '[{{ content }}]', { a: 1 }, '[]'],
  [
    'integers, floats and decimals',
    '{{ 7 | DividedBy: 2 }} {{ 7 | DividedBy: 2.0 }} {{ 12.5 | Times: 10 }}',
    null,
    '3 3.5 125',
  ],
  [
    'sums without errors of rounding',
    '{{ 0.1 | Plus: 10 | Minus: 10 }} {{ content.half | Times: 2 }}',
    { half: 0.5 },
    '0.1 1',
  ],
  ['a text plus something', "{{ '1' | Plus: 2 }} {{ 'ab' | Times: 2 }}", null, '12 abab'],
  [
    'Modulo, Round, Abs, AtLeast, AtMost',
    "{{ 7 | Modulo: 4 }} {{ 2.5 | Round }} {{ 2.345 | Round: 2 }} {{ '-3' | Abs }} {{ 4 | AtLeast: 5 }} {{ 4 | AtMost: 3 }}",
    null,
    '3 2 2.34 3 5 3',
  ],
  [
    'what is no number',
    "{{ 'a' | Minus: 1 }} {{ 1 | DividedBy: 0 }} {{ 'a' | Round }}",
    null,
    'Liquid error: Argument is not numeric. Liquid error: Attempted to divide by zero. ',
  ],
  [
    'regular expressions',
    "{{ 'a1b22' | Replace: '[0-9]+', '<$0>' }} {{ 'aXbX' | ReplaceFirst: 'x|X', '-' }} {{ 'a.b' | Remove: '.' }}",
    null,
    'a<1>b<22> a-bX ab',
  ],
  [
    'Slice from both ends',
    "{{ 'abcdef' | Slice: -3, 2 }}{{ 'abc' | Slice: 1 }}{{ 'abc' | Slice: 1, 9 }}",
    null,
    'debbc',
  ],
  [
    'words',
    "{{ 'hello WORLD of mine' | Capitalize }} {{ 'a b c' | TruncateWords: 2 }} {{ 'abcdef' | Truncate: 5 }}",
    null,
    'Hello WORLD Of Mine a b... ab...',
  ],
  ['Split without empty parts', "{{ 'a,,b' | Split: ',' | Size }}{{ '' | Split: ',' | Size }}", null, '21'],
  [
    'HTML and URLs',
    "{{ '<b>&' | Escape }} {{ '<b>x</b>' | StripHtml }} {{ 'a b&c~' | UrlEncode }} {{ 'a+b%26' | UrlDecode }}",
    null,
    '&lt;b&gt;&amp; x a+b%26c%7E a b&',
  ],
  [
    'dates by .NET formats',
    "{{ '2018-03-05T01:02:03' | Date: 'MM/dd/yyyy HH:mm' }} {{ 'now' | Date: 'yyyy-MM-dd HH' }} {{ 'x' | Date: 'yyyy' }}",
    null,
    '03/05/2018 01:02 2018-03-05 13 x',
  ],
  [
    'Default for nothing and for blanks',
    "{{ content.x | Default: 'd' }}{{ ' ' | Default: 'e' }}{{ 'f' | Default: 'g' }}",
    {},
    'def',
  ],
  ['Uniq and Compact', "{{ content | Uniq | Join: ',' }} {{ content | Compact | Size }}", [1, 1, null, 'a'], '1,,a 3'],
  ['white space around hyphens', 'a \n  {%- assign x = 1 -%}\n\n b{{- x -}} c', null, 'a \n\n b1c'],
  [
    'conditions from the right',
    '{% if true or false and false %}y{% endif %}{% if content.n > 3 and content.n < 9 %}z{% endif %}',
    { n: 5 },
    'yz',
  ],
  [
    'types that differ',
    "{% if content.n == '5' %}a{% endif %}{% if '5' == content.n %}b{% endif %}{% if content.n == 'x' %}c{% endif %}",
    { n: 5 },
    'ab',
  ],
  [
    'contains, startsWith, endsWith, hasKey',
    "{% if content.s contains 'b' %}1{% endif %}{% if content.l contains 'b' %}2{% endif %}{% if content.s startswith 'a' %}3{% endif %}{% if content.s EndsWith 'c' %}4{% endif %}{% if content hasKey 's' %}5{% endif %}",
    { s: 'abc', l: ['b'] },
    '12345',
  ],
  [
    'empty and nil',
    '{% if content.l == empty %}1{% endif %}{% if content.x == nil %}2{% endif %}{% if content.t != blank %}3{% endif %}{% if content.x %}4{% endif %}',
    { l: [], t: 'a' },
    '123',
  ],
  [
    'an order that there is not',
    "{% if content.n > 'x' %}a{% endif %}{% if content.x > 1 %}b{% endif %}",
    { n: 5 },
    'Liquid error: Input string was not in a correct format.',
  ],
  ['an operator that there is not', '{% if 1 =< 2 %}a{% endif %}', null, 'Liquid error: Unknown operator =<'],
  [
    'elsif, elseif and else',
    '{% for i in (1..4) %}{% if i == 1 %}a{% elsif i == 2 %}b{% elseif i == 3 %}c{% else %}d{% endif %}{% endfor %}',
    null,
    'abcd',
  ],
  ['unless', '{% unless false %}a{% else %}b{% endunless %}{% unless true %}c{% else %}d{% endunless %}', null, 'ad'],
  [
    'case with several values',
    "{% case content %}{% when 1, 2 or 3 %}a{% when 'x' %}b{% else %}c{% endcase %}",
    3,
    'a',
  ],
  [
    'loops with limit, offset and reversed',
    '{% for i in content limit:2 offset:1 %}{{ i }}{% endfor %}|{% for i in content reversed %}{{ i }}{% endfor %}|{% for i in content offset:continue %}{{ i }}{% endfor %}',
    [1, 2, 3, 4],
    '23|4321|',
  ],
  [
    'forloop',
    '{% for i in content %}{{ forloop.index }}{{ forloop.index0 }}{{ forloop.rindex }}{{ forloop.first }}{{ forloop.last }},{% endfor %}',
    ['a', 'b'],
    '102truefalse,211falsetrue,',
  ],
  [
    'break and continue',
    '{% for i in (1..5) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}',
    null,
    '13',
  ],
  [
    'variables of a loop in it alone, assigned ones everywhere',
    '{% for i in (1..2) %}{% assign last = i %}{% endfor %}{{ i }}{{ last }}',
    null,
    '2',
  ],
  [
    'capture, cycle and ifchanged',
    "{% capture c %}{% for i in content %}{% cycle 'a', 'b' %}{% ifchanged %}{{ i }}{% endifchanged %}{% endfor %}{% endcapture %}{{ c | Upcase }}",
    [1, 1, 2],
    'A1BA2',
  ],
  [
    'comments and raw text',
    '{% comment %}{{ x }}{% endcomment %}{% raw %}{{ x }}{% endraw %}{% literal %}{% if %}{% endliteral %}',
    null,
    '{{ x }}{% if %}',
  ],
  [
    'too few and too many arguments',
    "{{ 'a' | Append }} {{ 'a' | Upcase: 1 }}",
    null,
    "Liquid error: Filter 'Append' has no value for its parameter 1. Liquid error: Parameter count mismatch.",
  ],
  [
    'an object where a text is due',
    '{{ content | Upcase }}',
    { a: 1 },
    'Liquid error: An object cannot be converted to the type System.String.',
  ],
  [
    'Currency',
    "{{ 1234.5 | Currency }} {{ '7,5' | Currency: 'xx-yy-zz' }}",
    null,
    '$1,234.50 Liquid error: Culture is not supported.',
  ],
];

describe('a template', () => {
  it.each(CASES)('knows %s', (_, source, content, text) => {
    expect(render(source, content)).toBe(text);
  });

  it('keeps what JSON says of its numbers', () => {
    const content = parseJsonText('{"one": 1.0, "id": 9007199254740993}');
    expect(render('{{ content.one | DividedBy: 2 }} {{ content.id }} {{ content.one }}', content)).toBe(
      '0.5 9007199254740993 1',
    );
  });

  it.each([
    ['{% if x %}', 'if tag was never closed'],
    ['{% endfor %}', "Unknown tag 'endfor'"],
    ['{% include "a" %}', `Unknown tag 'include'`],
    ['{% for x %}{% endfor %}', "Syntax Error in 'for' tag - Valid syntax: for [item] in [collection]"],
    ['{% for x in y %}{% else %}{% endfor %}', 'for tag does not expect else tag'],
    ['{% raw %}', 'raw tag was never closed'],
    ['{% assign %}', "Syntax Error in 'assign' tag"],
    ['{% case x %}{% when %}{% endcase %}', "Syntax Error in 'case' tag"],
    ['{% if %}{% endif %}', "Syntax Error in 'if' tag"],
    ['{{ x', "Variable '{{' was not properly terminated"],
    ['{% x', "Tag '{%' was not properly terminated"],
  ])('that is %s cannot be read', (source, message) => {
    expect(() => render(source)).toThrow(message);
  });
});
