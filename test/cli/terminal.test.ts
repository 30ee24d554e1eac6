import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/cli/interrupted.ts';
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

  it('breaks a long question between words where the terminal is narrow', async () => {
    const input = new PassThrough();
    const output = Object.assign(new PassThrough(), { columns: 20 });
    const terminal = openTerminal(input, output, () => {});
    input.end('yes\n');
    await terminal.ask('Shall we ask a question that is long?');
    terminal.close();
    expect(String(output.read())).toBe('Shall we ask a\nquestion that is\nlong? ');
  });

  it('ends the question at an interrupt, and says where there was none to end', async () => {
    const terminal = openTerminal(new PassThrough(), new PassThrough(), () => {});
    expect(terminal.interrupt()).toBe(false);
    const answer = terminal.ask('One?');
    expect(terminal.interrupt()).toBe(true);
    await expect(answer).rejects.toBeInstanceOf(Interrupted);
    terminal.close();
  });
});
