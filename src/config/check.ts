import { isJsonObject, type Json } from '../domain/json.ts';
import { playbookNames } from '../domain/playbook-names.ts';
import { productNames } from '../domain/products.ts';
import { nearest } from '../domain/text.ts';
import { isGuid } from '../domain/uuid.ts';
import { type Config, playbooksAreForeign, type Workspace } from './config.ts';
import type { ConfigProblem, Path } from './problem.ts';
import { checkTemplates } from './templates.ts';

/*
 * Checks that the schema cannot express: choices that contradict each other. Each rule reads one complete configuration (the
 * common part with its defaults, or one target) and names the member to change.
 */

const rules: readonly ((config: Config) => readonly ConfigProblem[])[] = [
  workspaceIsWhole,
  sweepsOverlap,
  productsAreKnown,
  ownTagIsNotRequired,
  filterCanHold,
  ownersAreKnownToDefender,
  textsAreTexts,
  playbooksAreKnown,
  playbooksHaveAPlace,
  graphIsReachable,
  relayIsReachable,
  storageIsReachable,
  checkTemplates,
];

export function checkConfig(config: Config): readonly ConfigProblem[] {
  return rules.flatMap((rule) => rule(config));
}

const workspaceMembers = [
  'tenantId',
  'subscriptionId',
  'resourceGroup',
  'name',
  'workspaceId',
] as const satisfies readonly (keyof Workspace)[];

/** A partial workspace is of no use, unless a service provider completes it in each target. */
function workspaceIsWhole({ workspace, targets }: Config): readonly ConfigProblem[] {
  if (workspace === undefined || targets.length > 0) return [];
  const missing = workspaceMembers.filter((key) => workspace[key] === undefined);
  if (missing.length === 0) return [];
  return [
    {
      code: 'config.missing',
      message: `the workspace lacks ${missing.join(', ')}`,
      path: ['workspace'],
      at: 'key',
      remedy: 'Add what is missing, or leave "workspace" out to choose it at deployment.',
    },
  ];
}

/** Without an overlap, incidents that Sentinel lists late would be missed. */
function sweepsOverlap({ sweep }: Config): readonly ConfigProblem[] {
  if (sweep.lookBackHours * 60 >= 2 * sweep.everyMinutes) return [];
  return [
    {
      code: 'config.sweep',
      message: `a sweep every ${sweep.everyMinutes} minutes that looks back ${sweep.lookBackHours} h leaves gaps`,
      path: ['sweep', 'lookBackHours'],
      at: 'value',
      remedy: `Look back at least ${Math.ceil((2 * sweep.everyMinutes) / 60)} hours.`,
    },
  ];
}

const folded = (text: string) => text.trim().toLowerCase();

/** Incidents with our tag were sent already, so a filter that requires it would page nobody. */
function ownTagIsNotRequired({ filter, tag }: Config): readonly ConfigProblem[] {
  return filter.tags.flatMap((required, index) =>
    folded(required) === folded(tag)
      ? [
          {
            code: 'config.own-tag',
            message: `filter.tags requires "${required}", but "tag" marks with it what was sent already: nobody would be paged`,
            path: ['filter', 'tags', index],
            at: 'value' as const,
            remedy: `Let "tag" be another one, such as "${tag.trim()}-Sent", or take it out of filter.tags.`,
          },
        ]
      : [],
  );
}

/** Pairs of lists in which an entry of one makes an entry of the other impossible. */
const oppositeLists = [
  { wanted: 'tags', ruledOut: 'excludeTags', clashes: (wanted: string, out: string) => folded(wanted) === folded(out) },
  {
    wanted: 'titleContains',
    ruledOut: 'titleExcludes',
    clashes: (wanted: string, out: string) => wanted.toLowerCase().includes(out.toLowerCase()),
  },
] as const;

function filterCanHold({ filter }: Config): readonly ConfigProblem[] {
  return oppositeLists.flatMap(({ wanted, ruledOut, clashes }) =>
    filter[wanted].flatMap((value, index) => {
      const out = filter[ruledOut].find((other) => clashes(value, other));
      if (out === undefined) return [];
      return [
        {
          code: 'config.contradiction',
          message: `filter.${wanted} asks for "${value}", which filter.${ruledOut} rules out with "${out}"`,
          path: ['filter', wanted, index],
          at: 'value' as const,
          remedy: `Take "${value}" out of filter.${wanted}, or "${out}" out of filter.${ruledOut}.`,
        },
      ];
    }),
  );
}

/** Defender assigns incidents by user principal name; it would take an object id for an unknown name. */
function ownersAreKnownToDefender({ graph, owners }: Config): readonly ConfigProblem[] {
  if (!graph.enabled) return [];
  return Object.entries(owners).flatMap(([address, owner]) =>
    isGuid(owner)
      ? [
          {
            code: 'config.owner',
            message: `owners gives ${address} the object id ${owner}, and with graph.enabled incidents of Microsoft Defender are assigned too, which knows people by user principal name`,
            path: ['owners', address],
            at: 'value' as const,
            remedy: `Write the user principal name of ${address} instead, such as "mlopez@contoso.com"; Microsoft Sentinel takes it as well.`,
          },
        ]
      : [],
  );
}

/**
 * Texts become workflow parameters, and a workflow evaluates one that begins with "@" or contains "@{". Templates have their own
 * check.
 */
function textsAreTexts({ company, tag, filter, friendlyNames, callback }: Config): readonly ConfigProblem[] {
  const tags = Object.fromEntries(Object.entries(callback).map(([event, action]) => [event, { tag: action.tag }]));
  return expressionsIn({ company, tag, filter, friendlyNames, callback: tags } as unknown as Json, []);
}

function expressionsIn(value: Json, path: Path): readonly ConfigProblem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => expressionsIn(item, [...path, index]));
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, member]) => expressionsIn(member, [...path, name]));
  if (typeof value !== 'string') return [];
  if (/^[“”„«].*[“”»]$/s.test(value)) return [typographicQuotes(value, path)];
  if (!(value.startsWith('@') || value.includes('@{'))) return [];
  return [
    {
      code: 'config.expression',
      message: `"${value}" begins with "@" or contains "@{", which is an expression to Logic Apps`,
      path,
      at: 'value',
      remedy: 'Leave the "@" out, or begin with another character.',
    },
  ];
}

/** Word processors and chat programs insert these; YAML treats them as letters. */
function typographicQuotes(value: string, path: Path): ConfigProblem {
  return {
    code: 'config.quotes',
    message: `the typographic quotes of ${value} would be part of the text`,
    path,
    at: 'value',
    remedy: `Write straight quotes, or none: "${value.slice(1, -1)}"`,
  };
}

/** A misspelt name would leave a playbook enabled that the user wants disabled. */
function playbooksAreKnown({ deployment }: Config): readonly ConfigProblem[] {
  return deployment.disabled.flatMap((name, index) => {
    if (playbookNames.some((known) => folded(known) === folded(name))) return [];
    const guess = nearest(name, playbookNames);
    return [
      {
        code: 'config.playbook',
        message: `there is no playbook "${name}"`,
        path: ['deployment', 'disabled', index],
        at: 'value' as const,
        remedy: guess ? `Did you mean "${guess}"?` : `Write one of ${playbookNames.join(', ')}.`,
      },
    ];
  });
}

/** In another tenant, the playbooks need a subscription of that tenant. */
function playbooksHaveAPlace(config: Config): readonly ConfigProblem[] {
  const { deployment, targets } = config;
  if (targets.length > 0 || !playbooksAreForeign(config)) return [];
  const missing = (['subscriptionId', 'resourceGroup'] as const).filter((name) => deployment[name] === '');
  if (missing.length === 0) return [];
  return [
    {
      code: 'config.missing',
      message: `deployment.tenantId is not the workspace's tenant, and ${missing.join(' and ')} of the playbooks ${missing.length > 1 ? 'are' : 'is'} missing`,
      path: ['deployment', 'tenantId'],
      at: 'value',
      remedy: `Add ${missing.map((name) => `deployment.${name}`).join(' and ')}.`,
    },
  ];
}

/** Permissions of Microsoft Graph end at the tenant: a provider's identity cannot have any in the customer's. */
function graphIsReachable(config: Config): readonly ConfigProblem[] {
  const { graph, relay, targets } = config;
  if (targets.length > 0 || !playbooksAreForeign(config)) return [];
  const problem = (path: Path, what: string, remedy: string): ConfigProblem => ({
    code: 'config.tenant',
    message: `${what}, but identities of deployment.tenantId have no permissions of Microsoft Graph in the workspace's tenant`,
    path,
    at: 'value',
    remedy,
  });
  const isOurs = relay.url === '' || relay.azure.app !== '';
  return [
    ...(graph.enabled && isOurs
      ? [
          problem(
            ['graph', 'enabled'],
            'graph.enabled is on',
            'Switch it off, leave deployment.tenantId out, or write the address of a relay that signs in to that tenant into relay.url.',
          ),
        ]
      : []),
    ...(relay.azure.app !== '' && relay.azure.readUsers
      ? [
          problem(
            ['relay', 'azure', 'readUsers'],
            'relay.azure.readUsers is on',
            'Switch it off and write the object ids of owners into "owners", or leave deployment.tenantId out.',
          ),
        ]
      : []),
  ];
}

/** Playbooks and SIGNL4 call the relay from the internet. */
function relayIsReachable({ relay: { url, azure } }: Config): readonly ConfigProblem[] {
  if (azure.app === '' || azure.publicAccess || !/\.azurewebsites\.[a-z]+$/.test(URL.parse(url)?.hostname ?? ''))
    return [];
  return [
    {
      code: 'config.relay',
      message: 'relay.azure.publicAccess is off, and relay.url is no other address: nobody could call the relay',
      path: ['relay', 'azure', 'publicAccess'],
      at: 'value',
      remedy: 'Write the address of the gateway that leads to it into relay.url, or switch publicAccess on.',
    },
  ];
}

/** With private endpoints, the storage can only be reached from the network. */
function storageIsReachable({ relay: { azure } }: Config): readonly ConfigProblem[] {
  if (azure.privateEndpointSubnetId === '' || azure.subnetId !== '') return [];
  return [
    {
      code: 'config.relay',
      message: 'relay.azure.privateEndpointSubnetId closes the storage, and without subnetId the relay is outside',
      path: ['relay', 'azure', 'privateEndpointSubnetId'],
      at: 'value',
      remedy: 'Add relay.azure.subnetId: another subnet of the same network, delegated to Microsoft.App/environments.',
    },
  ];
}

/** Short product names may differ in one letter and mean different things, so only longer ones are taken for typos. */
const SHORTEST_SLIP = 10;

/**
 * Unknown products are allowed, because vendors have names of their own. One that is almost a known name is a typo, and would
 * page nobody.
 */
function productsAreKnown({ filter, friendlyNames }: Config): readonly ConfigProblem[] {
  const known = [productNames, friendlyNames.products].flatMap((names) => Object.entries(names).flat());
  const spellings = new Set(known.map((name) => name.toLowerCase()));
  return filter.products.flatMap((product, index) => {
    if (spellings.has(product.toLowerCase()) || product.length < SHORTEST_SLIP) return [];
    const guess = nearest(product, known);
    return guess !== undefined && differsByASlip(product, guess) ? [productProblem(product, guess, index)] : [];
  });
}

function productProblem(product: string, guess: string, index: number): ConfigProblem {
  const path: Path = ['filter', 'products', index];
  return {
    code: 'config.product',
    message: `no product is called "${product}"`,
    path,
    at: 'value',
    remedy: `Did you mean "${guess}"? If Sentinel really sends this name, add it to friendlyNames.products.`,
  };
}

/**
 * Whether the strings differ in at most two letters, compared from the first to the last difference: `Endpont` and `Endpoint`.
 */
function differsByASlip(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  const shortest = Math.min(left.length, right.length);
  let start = 0;
  while (start < shortest && left[start] === right[start]) start++;
  let end = 0;
  while (end < shortest - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  return Math.max(left.length, right.length) - start - end <= 2;
}
