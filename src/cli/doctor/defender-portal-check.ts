import { defenderNumber, type Incident, readIncident } from '../../domain/incident.ts';
import { OWN_RULE_TITLE } from '../../domain/own-rules.ts';
import { nameTables, productAliases } from '../../rules/product-names.ts';
import { type DoctorContext, deployedAs } from './context.ts';
import { type Check, type Finding, failure, ok, rights, warning } from './finding.ts';
import { type Rule, readRule } from './rules-check.ts';

const DAYS = 30;
/** Enough incidents to tell which service creates them. */
const MOST_INCIDENTS = 200;
const SENTINEL = ['azure sentinel', 'microsoft sentinel'];

/**
 * What works differently once a workspace is in the Defender portal (docs/defender-portal.md). No API tells whether it is, so
 * this looks at the incidents.
 */
export const defenderPortalCheck: Check<DoctorContext> = {
  id: 'defender-portal',
  right: rights.sentinel,
  async run(context) {
    const incidents = await recentIncidents(context);
    const ofDefender = incidents.filter((incident) => defenderNumber(incident) !== undefined);
    const hasMoved = ofDefender.some(({ products }) =>
      products.some((product) => SENTINEL.includes(product.toLowerCase())),
    );
    const found = [...absent(incidents, ofDefender, context), ...(hasMoved ? await afterTheMove(context) : [])];
    if (found.length > 0) return found;
    return [
      ok(
        hasMoved
          ? 'the workspace is in the Defender portal, and nothing here minds'
          : 'the workspace shows no sign of the Defender portal',
      ),
    ];
  },
};

async function recentIncidents({ sentinel, now }: DoctorContext): Promise<readonly Incident[]> {
  const since = new Date(now() - DAYS * 86_400_000).toISOString();
  const incidents: Incident[] = [];
  for await (const resource of sentinel.incidents(`properties/lastModifiedTimeUtc ge ${since}`)) {
    const incident = readIncident(resource);
    if (incident) incidents.push(incident);
    if (incidents.length === MOST_INCIDENTS) break;
  }
  return incidents;
}

/** Only one workspace of a tenant gets Defender's incidents. */
function absent(
  incidents: readonly Incident[],
  ofDefender: readonly Incident[],
  { live: { config } }: DoctorContext,
): readonly Finding[] {
  const { products } = config.filter;
  const aliases = productAliases(products, nameTables(config.friendlyNames)).map((name) => name.toLowerCase());
  const isOnlyDefenders = products.length > 0 && !aliases.some((name) => SENTINEL.includes(name));
  if (!isOnlyDefenders || incidents.length === 0 || ofDefender.length > 0) return [];
  return [
    warning(
      `filter.products chooses ${products.join(', ')}, and none of the ${incidents.length} incidents of the last ${DAYS} days came from Defender`,
      'In the Defender portal only the primary workspace gets its incidents: deploy there (security.microsoft.com, Settings, Microsoft Sentinel). Elsewhere: is the connector of Defender XDR on?',
    ),
  ];
}

async function afterTheMove(context: DoctorContext): Promise<readonly Finding[]> {
  const rules = (await context.sentinel.automationRules()).map(readRule).filter(({ isEnabled }) => isEnabled);
  const of = (playbook: string) => {
    const id = deployedAs(context, playbook)?.id.toLowerCase();
    return rules.filter(({ runs }) => id !== undefined && runs.includes(id));
  };
  const onIncidents = [...of('SIGNL4-Send-Incident'), ...of('SIGNL4-Sync-Incident')];
  return [
    ...onIncidents.flatMap(deadConditions),
    ...titles(onIncidents, context),
    ...of('SIGNL4-Send-Alert').map(({ name }) =>
      warning(
        `"${name}" runs SIGNL4-Send-Alert: in the Defender portal it starts for alerts of Sentinel's own rules only`,
        'Page about incidents (SIGNL4-Send-Incident), and keep this rule for analytics rules that make none.',
      ),
    ),
  ];
}

const edit = (rule: string) =>
  `Portal: Microsoft Sentinel, Configuration, Automation, "${rule}": take the condition out; choose by analytics rule name or alert product names instead.`;

function deadConditions({ name, tests }: Rule): readonly Finding[] {
  const has = (wanted: string) => tests.some(({ property }) => property === wanted);
  return [
    ...(has('IncidentProviderName')
      ? [
          failure(
            `"${name}" has a condition on the incident's provider, which the Defender portal has dropped: the rule runs on every incident of Defender`,
            edit(name),
          ),
        ]
      : []),
    ...(has('IncidentDescription')
      ? [
          failure(
            `"${name}" has a condition on the description, which is empty in the Defender portal: it holds for no incident`,
            edit(name),
          ),
        ]
      : []),
  ];
}

/** Defender generates the titles of incidents, and may rename them. */
function titles(rules: readonly Rule[], { live: { config } }: DoctorContext): readonly Finding[] {
  const { titleContains } = config.filter;
  const titleExcludes = config.filter.titleExcludes.filter((title) => title !== OWN_RULE_TITLE);
  const named = rules.filter(({ tests }) => tests.some(({ property }) => property === 'IncidentTitle'));
  if (titleContains.length + titleExcludes.length + named.length === 0) return [];
  const who = named.length > 0 ? named.map(({ name }) => `"${name}"`).join(', ') : 'filter';
  return [
    warning(
      `${who} chooses incidents by words in their titles, and Defender names incidents itself, sometimes anew`,
      'Choose by severity, alert product or analytics rule where a page must not be missed.',
    ),
  ];
}
