import { describe, expect, it } from 'vitest';
import { commentMessage, isOwnComment } from '../../src/rules/comment.ts';

describe('a comment on an incident', () => {
  it('is marked and escaped', () => {
    expect(commentMessage('a <b>&amp;</b>\r\nc')).toBe('SIGNL4: a &lt;b&gt;&amp;amp;&lt;/b&gt;<br>c');
  });

  it.each([['x'], ['<'], ['&'], ['🚨'], ['&🚨'], ['\n']])('of many "%s" fits into 30,000 characters, whole', (unit) => {
    const message = commentMessage(unit.repeat(40_000));
    expect(message.length).toBeLessThanOrEqual(30_000);
    expect(message.length).toBeGreaterThan(5_900);
    expect(message.isWellFormed()).toBe(true);
    expect(message.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
  });

  it('is cut only where its escaped form is too long, and then fits whatever it is made of', () => {
    expect(commentMessage('&'.repeat(5_998))).toBe(`SIGNL4: ${'&amp;'.repeat(5_998)}`);
    expect(commentMessage('&'.repeat(5_999))).toBe(`SIGNL4: ${'&amp;'.repeat(5_899)}…`);
  });

  it('is not cut where it fits', () => {
    const text = 'x'.repeat(29_992);
    expect(commentMessage(text)).toBe(`SIGNL4: ${text}`);
  });

  it.each([
    ['SIGNL4: Closed by Maria', true],
    ['<p>signl4: Closed by Maria</p>', true],
    ['<div class="markdown-rendered-html">\n <p><span>SIGNL4:&nbsp;Closed by Maria</span></p></div>', true],
    ['Ask SIGNL4: who is on call?', false],
    ['<p>Ask <b>SIGNL4:</b> who is on call?</p>', false],
    ['', false],
    ['I closed it in SIGNL4', false],
    ['As SIGNL4 said at half past three: "SIGNL4: Closed"', false],
  ])('is known as our own by its marker: %s', (message, own) => {
    expect(isOwnComment(message)).toBe(own);
  });
});
