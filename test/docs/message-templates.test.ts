import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commentFields, messageFields } from '../../src/rules/fields.ts';
import { templateFilters } from '../../src/rules/placeholder.ts';

const page = readFileSync(new URL('../../docs/message-templates.md', import.meta.url), 'utf8');

describe('docs/message-templates.md', () => {
  it.each(Object.entries({ ...messageFields, ...commentFields }))('describes the field %s', (name, { kind, says }) => {
    expect(page).toContain(`| \`{{${name}}}\` | ${kind} | ${says} |`);
  });

  it.each(Object.entries(templateFilters))('describes the filter %s', (_, { on, says }) => {
    const [usage, ...meaning] = says.split(': ');
    expect(page).toContain(`| \`${usage}\` | ${on} | ${meaning.join(': ')} |`);
  });
});
