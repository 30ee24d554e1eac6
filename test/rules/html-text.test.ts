import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/rules/html-text.ts';

describe('the text of a comment', () => {
  it.each([
    ['a<br>b<BR/>c', 'a\nb\nc'],
    ['<p>a</p><p>b</p>', 'a\nb'],
    ['<div>a</div>b<ul><li>c</li></ul><h2>d</h2>e', 'a\nbc\nd\ne'],
    ['<b>a</b> <span class="x">b</span>', 'a b'],
    ['a < b and 1<2', 'a < b and 1<2'],
    ['a <b', 'a <b'],
    ['a<!-- x -->b', 'ab'],
    ['<>a', '<>a'],
    ['&lt;b&gt; &quot;x&quot; &#39;y&#39;&nbsp;&amp;amp;', '<b> "x" \'y\' &amp;'],
    ['  a  ', 'a'],
  ])('of %j is %j', (html, text) => {
    expect(plainText(html)).toBe(text);
  });
});
