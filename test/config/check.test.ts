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
    ['two letters too many in one place', 'Microsoft Defender for Endpooooint'.replace('ooooi', 'oooi')],
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

describe('the places', () => {
  const workspace =
    'workspace: { tenantId: 7b1f0a52-6c1e-4d0b-9a55-3c1f8f2f9d10, subscriptionId: d0cfe6b2-9ac0-4464-9919-dccaee2e48c0, resourceGroup: rg, name: law-soc, workspaceId: c8c99641-985d-4e4e-8e91-fb3466cd0e5b }\n';
  const tenant = 'tenantId: 99999999-9999-4999-8999-999999999999';
  const subscription = 'subscriptionId: f1cfe6b2-9ac0-4464-9919-dccaee2e48c0';
  const targets = '\ntargets: [{ name: a, deployment: { tenantId: "" }, graph: { enabled: false } }]';

  it.each([
    [`{ ${tenant} }`, 'Add deployment.subscriptionId and deployment.resourceGroup.'],
    [`{ ${tenant}, ${subscription} }`, 'Add deployment.resourceGroup.'],
    [`{ ${tenant}, resourceGroup: rg }`, 'Add deployment.subscriptionId.'],
  ])('of playbooks in another tenant must be whole: %s', (deployment, remedy) => {
    expect(problemsOf(`${workspace}deployment: ${deployment}`)).toEqual([['config.missing', remedy]]);
  });

  it('of playbooks in another tenant are said by each target, not by what they have in common', () => {
    expect(codesOf(`${workspace}deployment: { ${tenant} }${targets}`)).toEqual([]);
    expect(codesOf(`${workspace}deployment: { ${tenant} }\ntargets: [{ name: a }]`)).toEqual(['config.missing']);
    const whole = `${workspace}deployment: { ${tenant}, ${subscription}, resourceGroup: rg }\ngraph: { enabled: true }`;
    expect(codesOf(`${whole}${targets}`)).toEqual([]);
    expect(codesOf(`${whole}\ntargets: [{ name: a }]`)).toEqual(['config.tenant']);
  });

  it('do not matter to readUsers where no relay of ours runs there', () => {
    const whole = `${workspace}deployment: { ${tenant}, ${subscription}, resourceGroup: rg }\n`;
    expect(codesOf(`${whole}relay: { azure: { readUsers: true } }`)).toEqual([]);
    expect(codesOf(`${whole}relay: { azure: { app: signl4-relay, readUsers: true } }`)).toEqual(['config.tenant']);
    expect(codesOf(`${whole}relay: { azure: { app: signl4-relay } }`)).toEqual([]);
  });
});

describe('a relay in Azure', () => {
  const subnet = (name: string) =>
    `/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/${name}`;

  it('that nobody can call from the internet needs another address', () => {
    const of = (relay: string) => codesOf(`relay: ${relay}`);
    expect(of('{ azure: { app: signl4-relay, publicAccess: false } }')).toEqual(['config.relay']);
    expect(of('{ url: "https://signl4-relay.azurewebsites.us", azure: { app: a-b, publicAccess: false } }')).toEqual([
      'config.relay',
    ]);
    expect(of('{ url: "https://relay.contoso.com", azure: { app: signl4-relay, publicAccess: false } }')).toEqual([]);
    expect(of('{ azure: { app: signl4-relay } }')).toEqual([]);
    expect(of('{ url: "https://x.azurewebsites.net", azure: { publicAccess: false } }')).toEqual([]);
  });

  it('whose storage is behind a private endpoint must be in the network', () => {
    const of = (azure: string) => codesOf(`relay: { azure: { app: signl4-relay, ${azure} } }`);
    expect(of(`privateEndpointSubnetId: "${subnet('pe')}"`)).toEqual(['config.relay']);
    expect(of(`privateEndpointSubnetId: "${subnet('pe')}", subnetId: "${subnet('app')}"`)).toEqual([]);
    expect(of(`subnetId: "${subnet('app')}"`)).toEqual([]);
  });

  it('has the address that Azure gives it, in lower case, unless it has another', () => {
    expect(loadConfig('relay: { azure: { app: SIGNL4-Relay } }', '').relay.url).toBe(
      'https://signl4-relay.azurewebsites.net',
    );
    expect(loadConfig('relay: { url: "https://r.example", azure: { app: a-b } }', '').relay.url).toBe(
      'https://r.example',
    );
    expect(loadConfig('', '').relay.url).toBe('');
  });

  it('is one for each target, whatever the casing of its name', () => {
    const of = (first: string, second: string) =>
      codesOf(
        `targets: [{ name: a, relay: { azure: { app: ${first} } } }, { name: b, relay: { azure: { app: ${second} } } }]`,
      );
    expect(of('signl4-relay', 'SIGNL4-Relay')).toEqual(['config.target']);
    expect(of('signl4-relay', 'signl4-relay2')).toEqual([]);
    expect(codesOf('targets: [{ name: a }, { name: b }]')).toEqual([]);
  });
});

describe('a playbook that is to be switched off', () => {
  it('is known whatever its casing and the blanks around it', () => {
    expect(codesOf('deployment: { disabled: [signl4-sweep, SIGNL4-Callback] }')).toEqual([]);
  });

  it('is a slip, or none of ours', () => {
    expect(problemsOf('deployment: { disabled: [SIGNL4-Swep] }')).toEqual([
      ['config.playbook', 'Did you mean "SIGNL4-Sweep"?'],
    ]);
    expect(problemsOf('deployment: { disabled: [Enrich] }')).toEqual([
      ['config.playbook', expect.stringMatching(/^Write one of SIGNL4-.*, SIGNL4-.*\.$/)],
    ]);
  });
});

describe('a string that Logic Apps would take for an expression', () => {
  it.each([
    'company: "@x"',
    'company: "a @{b}"',
    'tag: "@tag"',
    'filter: { titleContains: ["@{x}"] }',
    'friendlyNames: { entities: { srv1: "@b" } }',
    'callback: { closed: { tag: "@done" } }',
  ])('is refused: %s', (text) => {
    expect(codesOf(text)).toEqual(['config.expression']);
  });

  it.each(['company: "a@b"', 'company: "a {b}"', 'filter: { titleContains: ["to: @all"] }'])('is not %s', (text) => {
    expect(codesOf(text)).toEqual([]);
  });
});
