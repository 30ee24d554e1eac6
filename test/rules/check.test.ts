import { describe, expect, it } from 'vitest';
import { checkComments, checkMessage } from '../../src/rules/check.ts';
import { defaultCallback, defaultClose, defaultMessage } from '../../src/rules/choices.ts';

const found = (errors: readonly { code: string; where: { path?: string }; remedy: string | undefined }[]) =>
  errors.map(({ code, where, remedy }) => [code, where.path, remedy]);

describe('checking the message', () => {
  it('finds nothing wrong with the defaults', () => {
    expect(checkMessage(defaultMessage)).toEqual([]);
    expect(checkComments(defaultCallback, defaultClose)).toEqual([]);
  });

  it('names the template and what was probably meant', () => {
    const errors = checkMessage({ ...defaultMessage, parameters: { Hosts: '{{entities.host}}' } });
    expect(found(errors)).toEqual([
      ['template.placeholder', 'message.parameters.Hosts', 'Did you mean "entities.hosts"?'],
    ]);
  });

  it.each([
    ['{{incident.title', 'template.unclosed'],
    ['@{{incident.title}}', 'template.expression'],
    ['a @{b}', 'template.expression'],
  ])('refuses %s', (title, code) => {
    expect(checkMessage({ ...defaultMessage, title }).map((error) => error.code)).toEqual([code]);
  });

  it.each(['Title', 'text', 'X-S4-Location', ' ', 'a {{b}}'])('refuses a parameter called "%s"', (name) => {
    expect(checkMessage({ ...defaultMessage, parameters: { [name]: 'x' } })).toHaveLength(1);
  });
});

describe('checking comments', () => {
  it('knows the fields of an event, not those of an incident', () => {
    const mapping = { ...defaultCallback, closed: { ...defaultCallback.closed, comment: '{{incident.title}}' } };
    expect(
      checkComments(mapping, { ...defaultClose, comment: '{{note | truncate 80}}' }).map(({ where }) => where),
    ).toEqual([{ path: 'callback.closed.comment' }]);
  });
});
