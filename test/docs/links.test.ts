import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Page, partsOf } from './support/markdown.ts';
import { built, configurations, guidesIn, pages, read, root, sources } from './support/pages.ts';

/* Every link of every page leads somewhere: to a file and a heading that are there, or to a host that we know. No network. */

/** Where links may lead, and why. */
const hosts: Readonly<Record<string, string>> = {
  'aka.ms': 'pictures of the deploy buttons',
  'azure.microsoft.com': 'terms that Content Hub asks for',
  'docs.signl4.com': 'guides of the vendor',
  'github.com': 'repositories of Microsoft and of libraries',
  'graph.microsoft.us': 'address of a sovereign cloud, in a description',
  'keepachangelog.com': 'format of the changelog',
  'learn.microsoft.com': 'documentation of Microsoft',
  'portal.azure.com': 'deploy buttons',
  'portal.azure.us': 'deploy buttons',
  'pypi.org': 'paconn',
  'schema.management.azure.com': 'sources of rules',
  'spec.openapis.org': 'sources of rules',
  'www.rfc-editor.org': 'sources of rules',
  'www.signl4.com': 'the product',
};

type Find = (path: string) => string | 'folder' | undefined;

function problems(page: Page, find: Find): string[] {
  return partsOf(page).links.flatMap(({ text: link, line }) => {
    const problem = /^[a-z][a-z+.-]*:/i.test(link) ? external(link) : internal(link, page, find);
    return problem === undefined ? [] : [`${page.path}:${line}: ${link}: ${problem}`];
  });
}

function external(link: string): string | undefined {
  if (/^mailto:[\w.+-]+@[\w.-]+\.\w+$/.test(link)) return undefined;
  const url = URL.parse(link);
  if (url?.protocol !== 'https:') return 'must be https';
  return Object.hasOwn(hosts, url.hostname) ? undefined : `${url.hostname} is not on the list of hosts`;
}

function internal(link: string, page: Page, find: Find): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page.path : posix.join(posix.dirname(page.path), decodeURI(path));
  const found = path === '' ? page.text : find(target);
  if (found === undefined) return `there is no ${target}`;
  if (anchor === undefined || !target.endsWith('.md')) return undefined;
  return partsOf({ path: target, text: found }).anchors.has(anchor) ? undefined : `no heading makes #${anchor}`;
}

const inRepository: Find = (path) => {
  if (path.startsWith('..') || !existsSync(root + path)) return undefined;
  return statSync(root + path).isDirectory() ? 'folder' : path.endsWith('.md') ? read(path) : '';
};

describe('the links of the repository', () => {
  it.each([...pages, ...sources].map((page) => [page.path, page] as const))('lead somewhere: %s', (_, page) => {
    // What `build` puts beside a guide is not there yet.
    const find: Find = (path) => (/\/flow\.svg$/.test(path) ? '' : inRepository(path));
    expect(problems(page, find)).toEqual([]);
  });

  it('use every host of the list', async () => {
    const all = [...pages, ...sources, ...guidesIn(await built(configurations.everything))].flatMap(
      (page) => partsOf(page).links,
    );
    const used = new Set(all.map(({ text }) => URL.parse(text)?.hostname));
    expect(Object.keys(hosts).filter((host) => !used.has(host))).toEqual([]);
  });

  it('reach every page from the index', () => {
    const linked = new Set(
      partsOf({ path: 'docs/index.md', text: read('docs/index.md') }).links.map(({ text }) => text),
    );
    const all = [...pages, ...sources].map(({ path }) => path);
    const left = all.filter(
      (path) =>
        /^(docs|playbooks)\/|^templates\/(connector|relay|setup)\/(readme|guide)|^[A-Z]/.test(path) &&
        path !== 'docs/index.md' &&
        ![...linked].some((link) => posix.join('docs', link.split('#')[0] ?? '') === path),
    );
    expect(left).toEqual([]);
  });
});

describe.each(Object.entries(configurations))('the links of what build writes for %s', (_, yaml) => {
  it('lead somewhere', async () => {
    const files = await built(yaml);
    const find: Find = (path) => {
      const content = files.get(path);
      if (content !== undefined) return String(content);
      return [...files.keys()].some((each) => each.startsWith(`${path}/`)) ? 'folder' : undefined;
    };
    const guides = guidesIn(files);
    expect(guides.length).toBeGreaterThan(10);
    expect(guides.flatMap((page) => problems(page, find))).toEqual([]);
  });
});

describe('a link', () => {
  const page = (text: string) => ({ path: 'docs/a.md', text });
  it.each([
    ['[x](b.md)', 'there is no docs/b.md'],
    ['[x](#not-there)', 'no heading makes #not-there'],
    ['[x](https://evil.example)', 'evil.example is not on the list of hosts'],
    ['http://www.signl4.com', 'must be https'],
    ['<img src="c.svg">', 'there is no docs/c.svg'],
    ['![x](../../outside.png)', 'there is no ../outside.png'],
  ])('that leads nowhere is found: %s', (text, problem) => {
    expect(problems(page(text), inRepository)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    '# Two words, `code`\n[x](#two-words-code)',
    '# A\n# A\n[x](#a-1)',
    '[x](azure.md#costs)',
    '[x](../README.md)',
  ])('that leads somewhere is not: %j', (text) => {
    expect(problems(page(text), inRepository)).toEqual([]);
  });
});
