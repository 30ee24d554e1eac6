import { describe, expect, it } from 'vitest';
import { Variables } from '../../src/solution/variables.ts';

describe('the variables of a template', () => {
  it('are found by their value whatever its casing, the first of several', () => {
    const variables = new Variables();
    variables.add('number', new Map());
    variables.add('first', 'Contoso');
    variables.add('second', 'contoso');
    expect(variables.nameOf('CONTOSO')).toBe('first');
    expect(variables.nameOf('contoso')).toBe('first');
    expect(variables.nameOf('Fabrikam')).toBeUndefined();
  });

  it('keep the first value of a name, whatever its casing', () => {
    const variables = new Variables();
    expect([variables.add('A', 'x'), variables.add('a', 'y')]).toEqual([true, false]);
    expect(variables.get('a')).toBe('x');
    expect(variables.lost).toEqual([]);
  });

  it('are lost without a place for them', () => {
    const variables = new Variables(false);
    expect([variables.add('A', 'x'), variables.add('A', 'y')]).toEqual([true, true]);
    expect([variables.lost, variables.get('A')]).toEqual([['A'], undefined]);
  });
});
