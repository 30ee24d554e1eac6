import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

/** Codes and remedies of what is wrong with the file. */
function problemsOf(text: string): readonly (readonly [code: string, remedy: string | undefined])[] {
  try {
    loadConfig(text, 'signl4.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ code, remedy }) => [code, remedy]);
  }
}
const codesOf = (text: string) => problemsOf(text).map(([code]) => code);

describe('sweeps', () => {
  it.each([
    [30, 1],
    [60, 2],
    [1_440, 48],
  ])('every %i minutes may look back %i h: twice the time between two', (everyMinutes, lookBackHours) => {
    expect(codesOf(`sweep: { everyMinutes: ${everyMinutes}, lookBackHours: ${lookBackHours} }`)).toEqual([]);
  });

  it.each([
    [31, 1, 2],
    [60, 1, 2],
    [61, 2, 3],
    [1_440, 47, 48],
  ])('every %i minutes must look back longer than %i h', (everyMinutes, lookBackHours, least) => {
    expect(problemsOf(`sweep: { everyMinutes: ${everyMinutes}, lookBackHours: ${lookBackHours} }`)).toEqual([
      ['config.sweep', `Look back at least ${least} hours.`],
    ]);
  });
});

describe('a product of the filter', () => {
  const of = (product: string) =>
    problemsOf(`friendlyNames: { products: { "Contoso EDR": "Endpoints" } }\nfilter: { products: ["${product}"] }`);

  it.each(['Microsoft Defender for Endpoint', 'microsoft defender for endpoint', 'Contoso EDR', 'Fabrikam Mail Guard'])(
    'is taken where it is known, or like nothing that is: %s',
    (product) => {
      expect(of(product)).toEqual([]);
    },
  );

  it.each([
    ['one letter is missing', 'Microsoft Defender for Endpont'],
    ['one letter is another', 'Microsoft Defender for Endpoimt'],
    ['two letters change places', 'Microsoft Defender for Endpiont'],
    ['two letters beside each other are others', 'Microsoft Defender for Endpxxnt'],
    ['two letters too many stand together', 'Microsoft Defender for Endpooooint'.replace('ooooi', 'oooi')],
    ['the first letter is missing', 'icrosoft Defender for Endpoint'],
    ['the last two letters are missing', 'Microsoft Defender for Endpoi'],
  ])('is a slip where %s', (_, product) => {
    expect(of(product)).toEqual([
      [
        'config.product',
        'Did you mean "Microsoft Defender for Endpoint"? If Sentinel really sends this name, add it to friendlyNames.products.',
      ],
    ]);
  });

  it.each([
    ['three letters beside each other are others', 'Microsoft Defender for Endxxxnt'],
    ['two letters far apart are others', 'Microxoft Defender for Endpoxnt'],
    ['three letters are missing', 'Microsoft Defender for Endpo'],
  ])('is a name of its own where %s', (_, product) => {
    expect(of(product)).toEqual([]);
  });

  it('that is shorter than ten letters is never a slip', () => {
    const short = (product: string) =>
      codesOf(`friendlyNames: { products: { Contoso-X1: A, Contoso-Y: B } }\nfilter: { products: [${product}] }`);
    expect(short('Contoso-X2')).toEqual(['config.product']);
    expect(short('Contoso-Z')).toEqual([]);
  });
});
