import { inWords } from './name-parts.ts';

/**
 * What Sentinel calls the product of an alert, and what a person calls it. Keys are the `productName` values of alerts
 * and of `additionalData.alertProductNames`; look-ups ignore case. `friendlyNames.products` in the config adds to it.
 */
export const productNames: Readonly<Record<string, string>> = {
  'Azure Sentinel': 'Microsoft Sentinel',
  'Microsoft Sentinel': 'Microsoft Sentinel',
  MDATP: 'Microsoft Defender for Endpoint',
  'Microsoft Defender Advanced Threat Protection': 'Microsoft Defender for Endpoint',
  'Microsoft Defender for Endpoint': 'Microsoft Defender for Endpoint',
  WDATP: 'Microsoft Defender for Endpoint',
  'Azure Advanced Threat Protection': 'Microsoft Defender for Identity',
  AATP: 'Microsoft Defender for Identity',
  MDI: 'Microsoft Defender for Identity',
  'Azure Security Center': 'Microsoft Defender for Cloud',
  ASC: 'Microsoft Defender for Cloud',
  'Azure Security Center for IoT': 'Microsoft Defender for IoT',
  'Azure Active Directory Identity Protection': 'Microsoft Entra ID Protection',
  IPC: 'Microsoft Entra ID Protection',
  'Microsoft Cloud App Security': 'Microsoft Defender for Cloud Apps',
  MCAS: 'Microsoft Defender for Cloud Apps',
  'Office 365 Advanced Threat Protection': 'Microsoft Defender for Office 365',
  OATP: 'Microsoft Defender for Office 365',
  'Office 365 Security & Compliance': 'Microsoft Purview',
  'Microsoft 365 Insider Risk Management': 'Microsoft Purview Insider Risk Management',
  'Microsoft Data Loss Prevention': 'Microsoft Purview Data Loss Prevention',
  'Microsoft 365 Defender': 'Microsoft Defender XDR',
  'Microsoft Threat Protection': 'Microsoft Defender XDR',
  'Microsoft XDR': 'Microsoft Defender XDR',
  MTP: 'Microsoft Defender XDR',
};

/**
 * What a person calls a `serviceSource` or `detectionSource` of the Microsoft Graph security API (v1.0), where it does not read
 * well when only split into words. Keys in lower case.
 */
const defenderSources: Readonly<Record<string, string>> = {
  microsoftdefenderforoffice365: 'Microsoft Defender for Office 365',
  microsoft365defender: 'Microsoft Defender XDR',
  azureadidentityprotection: 'Microsoft Entra ID Protection',
  datalossprevention: 'Microsoft Purview Data Loss Prevention',
  microsoftdatalossprevention: 'Microsoft Purview Data Loss Prevention',
  microsoftinsiderriskmanagement: 'Microsoft Purview Insider Risk Management',
  microsoftthreatintelligence: 'Microsoft Defender Threat Intelligence',
  microsoftsecurityforai: 'Microsoft Defender for AI',
  cloudappsecurity: 'Microsoft Defender for Cloud Apps',
  microsoftdefenderforiot: 'Microsoft Defender for IoT',
  microsoftdefenderforapimanagement: 'Microsoft Defender for API Management',
  smartscreen: 'Microsoft Defender SmartScreen',
  customti: 'Custom Threat Intelligence',
  nrtalerts: 'Near-real-time analytics rule',
  scheduledalerts: 'Scheduled analytics rule',
  builtinml: 'Built-in machine learning',
};

/**
 * Plans of Microsoft Defender for Cloud, as named in `detectionSource` of Graph (v1.0, schema of August 2026) and in the
 * documentation, because alerts may carry the name of their plan. Choosing Defender for Cloud includes all of them; Defender for
 * IoT is a separate product.
 */
export const defenderForCloudPlans: readonly string[] = [
  ...['Servers', 'Storage', 'DNS', 'Databases', 'SQL', 'Open-Source Relational Databases', 'Azure Cosmos DB'],
  ...['Containers', 'Kubernetes', 'Container Registries', 'Network', 'App Service', 'Key Vault', 'Resource Manager'],
  ...['API Management', 'APIs', 'AI Services'],
].map((plan) => `Microsoft Defender for ${plan}`);

/** Values by which Graph withholds the source. */
const unnamed: ReadonlySet<string> = new Set(['', 'unknown', 'unknownfuturevalue']);

/**
 * The product of a `serviceSource` or `detectionSource`: `microsoftDefenderForCloud` reads "Microsoft Defender for Cloud", and
 * a newer `microsoftSomethingNew` "Microsoft Something New". Empty for `unknown` and `unknownFutureValue`.
 */
export function sourceName(source: string): string {
  const key = source.trim().toLowerCase();
  if (unnamed.has(key)) return '';
  return Object.hasOwn(defenderSources, key) ? (defenderSources[key] ?? '') : inWords(source);
}
