import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openTerminal } from '../../src/cli/terminal.ts';

describe('a conversation on the terminal', () => {
  it('keeps lines typed ahead, and says when the input ends', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const terminal = openTerminal(input, output, () => {});
    input.end('first\nsecond\n');
    expect(await terminal.ask('One?')).toBe('first');
    expect(await terminal.ask('Two?')).toBe('second');
    expect(await terminal.ask('Three?')).toBeUndefined();
    terminal.close();
    expect(String(output.read())).toContain('One? ');
  });
});
