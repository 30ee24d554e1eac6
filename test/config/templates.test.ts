import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

function problemsOf(text: string): readonly string[] {
  try {
    loadConfig(text, '');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, code, message, remedy }) => [where.path, code, message, remedy].join(' | '));
  }
}

describe('templates in the configuration', () => {
  it.each([
    'message: { title: "{{incident.title}} {{ entities.hosts | first 3 | join \\" + \\" }}" }',
    'message: { text: "braces { } are braces" }',
    'callback: { closed: { comment: "{{user.mail}} {{note}}" } }',
  ])('are understood: %s', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    [
      'message: { title: "{{incident.titel}}" }',
      'message.title | template.placeholder | {{incident.titel}}: there is no field "incident.titel" | Did you mean "incident.title"?',
    ],
    [
      'message: { parameters: { "Hosts, a.b": "{{entities.hosts | jion}}" } }',
      'message.parameters["Hosts, a.b"] | template.placeholder | {{entities.hosts | jion}}: there is no filter "jion" | Did you mean "join"?',
    ],
    [
      'callback: { acknowledged: { comment: "{{user.nmae}}" } }',
      'callback.acknowledged.comment | template.placeholder | {{user.nmae}}: there is no field "user.nmae" | Did you mean "user.name"?',
    ],
  ])('are refused where a field or filter does not exist: %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('know the fields of an incident in messages only, and those of a person in comments only', () => {
    const text = 'message: { title: "{{user.name}}" }\nclose: { comment: "{{incident.title}}" }';
    expect(problemsOf(text).map((line) => line.split(' | ')[0])).toEqual(['message.title', 'close.comment']);
  });

  it('are checked in targets too', () => {
    expect(problemsOf('targets: [{ name: a, message: { title: "{{x}}" } }]')[0]).toContain('targets[0].message.title');
  });
});

describe('texts that a workflow would take for expressions', () => {
  it.each([
    ['tag: "@soc"', 'tag'],
    ['company: "Contoso @{x}"', 'company'],
    ['filter: { titleContains: [drill, "@contoso.com"] }', 'filter.titleContains[1]'],
    ['friendlyNames: { entities: { "srv-1": "@home" } }', 'friendlyNames.entities["srv-1"]'],
    ['callback: { escalated: { tag: "@night" } }', 'callback.escalated.tag'],
  ])('are refused: %s', (text, path) => {
    expect(problemsOf(text).map((line) => line.split(' | ').slice(0, 2))).toEqual([[path, 'config.expression']]);
  });

  it('are none where the @ is elsewhere', () => {
    const text = 'filter: { owners: [soc@contoso.com], titleExcludes: ["a @ b"] }\nowners: { "a@b.c": "d@e.f" }';
    expect(problemsOf(text)).toEqual([]);
  });
});
