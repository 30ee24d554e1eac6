import { describe, expect, it } from 'vitest';
import { descriptionHtml, descriptionMarkdown } from '../../src/solution/description.ts';
import { mapOf } from '../../src/solution/json-tree.ts';
import { markdownToHtml } from '../../src/solution/markdown-html.ts';
import { readSolutionData } from '../../src/solution/solution-data.ts';

const solution = (members: Record<string, unknown> = {}) =>
  readSolutionData(
    mapOf({
      Name: 'Contoso Corp',
      Author: 'Contoso - support@contoso.com',
      Logo: '<img src="contoso.svg">',
      Description: 'What it does.',
      Metadata: 'SolutionMetadata.json',
      ...members,
    }),
    'Data/Solution_Contoso.json',
  );
const none = {
  dataConnectors: 0,
  workbooks: 0,
  analyticsRules: 0,
  customConnectors: 0,
  functionApps: 0,
  playbooks: 0,
};

describe('the description of a solution', () => {
  it('begins with the logo and links the release notes by the escaped name', () => {
    const text = descriptionMarkdown(solution(), { ...none, playbooks: 1 });
    expect(text).toMatch(/^<img src="contoso.svg">\n\n\*\*Note:\*\* /);
    expect(text).toContain('/Solutions/Contoso%20Corp/ReleaseNotes.md)');
  });

  it('is the same as HTML, without the logo', () => {
    const html = descriptionHtml(solution(), { ...none, playbooks: 1 });
    expect(html).toMatch(/^<p><strong>Note:<\/strong> Please/);
    expect(html).toContain('<p>What it does.</p>\n<p><strong>Playbooks:</strong> 1</p>\n');
  });

  it.each([
    [{ playbooks: 2 }, '**Playbooks:** 2'],
    [{ customConnectors: 1, playbooks: 7 }, '**Custom Azure Logic Apps Connectors:** 1, **Playbooks:** 7'],
    [
      { dataConnectors: 1, functionApps: 1, playbooks: 1 },
      '**Data Connectors:** 1, **Function Apps:** 1, **Playbooks:** 1',
    ],
    [
      { dataConnectors: 1, workbooks: 2, analyticsRules: 3, playbooks: 4 },
      '**Data Connectors:** 1, **Workbooks:** 2, **Analytic Rules:** 3, **Playbooks:** 4',
    ],
    [{ workbooks: 1, analyticsRules: 2 }, '**Workbooks:** 1, **Analytic Rules:** 2'],
    [{ dataConnectors: 1 }, '**Data Connectors:** 1'],
    [{ customConnectors: 1 }, '**Custom Azure Logic Apps Connectors:** 1, '],
  ])('counts %o as the official tool does', (counts, line) => {
    expect(descriptionMarkdown(solution(), { ...none, ...counts })).toContain(`\n\n${line}\n\n`);
  });

  it('lets `$` sequences act as they do in the official tool', () => {
    expect(descriptionMarkdown(solution({ Description: 'a $& b' }), none)).toContain('a {{SolutionDescription}} b');
  });

  it('is without a first line where there is no logo', () => {
    expect(descriptionMarkdown(solution({ Logo: '' }), none)).toMatch(/^\*\*Note/);
  });
});

describe('Markdown as the official tool renders it', () => {
  it.each([
    ['a "b" & <i>c</i>', '<p>a &quot;b&quot; &amp; <i>c</i></p>\n'],
    ["it's", "<p>it's</p>\n"],
    ['one  \ntwo\n three ', '<p>one<br />\ntwo\nthree</p>\n'],
    ['** not bold **', '<p>** not bold **</p>\n'],
    ['[x](https://a.b/c?d=1&e=2 "t")', '<p><a href="https://a.b/c?d=1&amp;e=2" title="t">x</a></p>\n'],
    ['![x](https://a.b/c.png)', '<p><img src="https://a.b/c.png" alt="x" /></p>\n'],
    ['see https://a.b/c now', '<p>see <a href="https://a.b/c">https://a.b/c</a> now</p>\n'],
    ['mail me@contoso.com', '<p>mail me@contoso.com</p>\n'],
    ['# Set up & go', '<h1 id="set-up-go">Set up &amp; go</h1>\n'],
    ['a\n\n---\n\nb', '<p>a</p>\n<hr />\n<p>b</p>\n'],
    ['- a\n- b\n  - c', '<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n'],
    ['1. a\n\n2. b', '<ol>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n'],
    ['3. a\n4. b', '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'],
    [' a. x\n\n b. y', '<ol type="a">\n<li><p>x</p>\n</li>\n<li><p>y</p>\n</li>\n</ol>\n'],
    ['A. x\nB. y', '<ol type="A">\n<li>x</li>\n<li>y</li>\n</ol>\n'],
    ['x. is not a list', '<p>x. is not a list</p>\n'],
    ['`a < b`', '<p><code>a &lt; b</code></p>\n'],
  ])('%j', (markdown, html) => {
    expect(markdownToHtml(markdown)).toBe(html);
  });
});
