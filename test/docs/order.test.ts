import { describe, expect, it } from 'vitest';
import { playbooks } from '../../playbooks/index.ts';
import { playbooksOfDefender, playbooksWithRights } from '../../src/arm/setup/template.ts';
import { read } from './support/pages.ts';

/* One order of steps everywhere, and one table of what each playbook is for and needs. */

const page = read('docs/azure.md');
const section = (title: string) => (page.split(`\n## ${title}\n`)[1] ?? '').split('\n## ')[0] ?? '';
const steps = [...section('The order of the steps').matchAll(/^\d\. \*\*(.+?)\*\*/gm)].map(([, name = '']) => name);
const inOneLine = steps.join(', ').toLowerCase();

/** Where the parts of a text come; each must be there. */
function places(text: string, parts: readonly (string | RegExp)[]): readonly number[] {
  return parts.map((part) => {
    const at = text.search(typeof part === 'string' ? part.replaceAll(/[.()[\]]/g, '\\$&') : part);
    expect(at, String(part)).toBeGreaterThanOrEqual(0);
    return at;
  });
}
const expectInOrder = (text: string, parts: readonly (string | RegExp)[]) => {
  const found = places(text, parts);
  expect(found).toEqual([...found].sort((one, other) => one - other));
};

describe('the order of the steps', () => {
  it('is one of eight', () => {
    expect(inOneLine).toBe(
      'relay, connector, playbooks, connection, permissions, webhook, automation rules, test page',
    );
  });

  it.each(['README.md', 'templates/setup/guide.md', 'templates/relay/readme.md'])('is that of %s', (path) => {
    const [, ...afterRelay] = steps.slice(0, -1);
    expect(read(path).replaceAll(/\s+/g, ' ')).toContain(afterRelay.join(', ').toLowerCase());
  });

  it('is that of the table for those who do it by hand', () => {
    const numbers = [...section('By hand').matchAll(/^\| (\d) \|/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual([1, 2, 3, 4, 5, 5, 6, 7, 8]);
  });

  it('is that of the page in Content Hub', () => {
    const connector = JSON.parse(read('templates/contenthub/DerdackSIGNL4.json')) as {
      instructionSteps: { title: string }[];
    };
    const titles = connector.instructionSteps
      .map(({ title }) => title.toLowerCase())
      .filter((title) => /^\d/.test(title));
    expectInOrder(
      titles.join('\n'),
      steps.slice(1).map((step) => step.toLowerCase()),
    );
  });

  it.each(playbooks.map(({ name }) => name))('is that of the guide to %s', (name) => {
    const guide = read(`playbooks/${name}/readme.md`);
    const after = (guide.split('\n## After the deployment\n')[1] ?? '').split('\n## ')[0] ?? '';
    const parts = [
      /^\d\. Authorise the SIGNL4 connection/m,
      /^\d\. Give the playbook's managed identity/m,
      /^\d\. Let Microsoft Sentinel run the playbook|^\d\. Give Microsoft Sentinel itself/m,
      /^\d\. Copy the _HTTP URL_|SIGNL4-Callback now, and enter its webhook/m,
      /^\d\. Create an automation rule/m,
      /^\d\. Try it/m,
    ].filter((part) => part.test(after));
    expect(parts.length).toBeGreaterThan(1);
    expectInOrder(after, parts);
  });

  it.each(playbooks.map((playbook) => [playbook.name, playbook] as const))(
    'is that of the template of %s',
    (_, { postDeployment }) => {
      const parts = [
        /^Authorise/m,
        /^Give the managed identity/m,
        /^Allow Microsoft Sentinel/m,
        /^Enter the URL/m,
        /^Create an automation rule/m,
      ];
      expectInOrder(
        postDeployment.join('\n'),
        parts.filter((part) => postDeployment.some((step) => part.test(step))),
      );
    },
  );
});

describe('both portals', () => {
  it.each(playbooks.map(({ name }) => name))('are named where Sentinel is meant, in the guide to %s', (name) => {
    const paragraphs = read(`playbooks/${name}/readme.md`).split(/\n(?=\d\. |\n)/);
    const one = paragraphs.filter((text) => /_Playbook permissions_|_Configuration_, _Automation_/.test(text));
    expect(one.filter((text) => !(/Azure portal/.test(text) && /Defender\s+portal/.test(text)))).toEqual([]);
  });

  it.each(playbooks.map(({ name }) => name))('are never the old menus of SIGNL4, in the guide to %s', (name) => {
    expect(read(`playbooks/${name}/readme.md`)).not.toMatch(/_Apps_, _Webhook_/);
  });
});

describe('the table of what each playbook is for', () => {
  const rows = section('Which playbooks for what')
    .split('\n')
    .filter((line) => line.startsWith('| '));

  it.each(playbooks.map(({ name }) => name))('has %s, with what its identity gets', (name) => {
    const row = rows.find((line) => line.includes(`[${name}](`)) ?? '';
    const needs = row.split(' | ').at(-1) ?? '';
    expect(row).not.toBe('');
    expect(needs.includes('Microsoft Sentinel Responder')).toBe(playbooksWithRights.includes(name));
    expect(needs.includes('Microsoft Graph')).toBe(playbooksOfDefender.some((each) => each === name));
  });
});
