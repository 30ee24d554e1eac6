import { describe, expect, it } from 'vitest';
import { friendly, nameTables, productAliases } from '../../src/rules/product-names.ts';

const names = nameTables({
  products: { 'Contoso EDR': 'Endpoints', 'contoso-edr-v2': 'ENDPOINTS', MDATP: 'Our sensor' },
  companies: {},
  entities: {},
});

describe('the names of a product', () => {
  it('are the one that is typed, its friendly name, and all that go by the same', () => {
    expect(productAliases(['CONTOSO EDR'], names)).toEqual(['contoso edr', 'endpoints', 'contoso-edr-v2']);
    expect(productAliases(['Endpoints'], names)).toEqual(['endpoints', 'contoso edr', 'contoso-edr-v2']);
    expect(productAliases(['Nobody’s'], names)).toEqual(['nobody’s']);
  });

  it('are in the list of several once', () => {
    expect(productAliases(['Endpoints', 'Contoso EDR', 'Endpoints'], names)).toHaveLength(3);
  });

  it('are those of the user before ours', () => {
    expect(friendly(names.products, 'mdatp')).toBe('Our sensor');
    expect(friendly(names.products, 'WDATP')).toBe('Microsoft Defender for Endpoint');
    expect(friendly(names.products, 'constructor')).toBe('constructor');
  });

  it('of Microsoft Defender for Cloud are also its plans', () => {
    const aliases = productAliases(['Azure Security Center'], names);
    expect(aliases).toContain('microsoft defender for cloud');
    expect(aliases).toContain('microsoft defender for servers');
    expect(productAliases(['Microsoft Defender for Endpoint'], names)).not.toContain('microsoft defender for servers');
  });
});
