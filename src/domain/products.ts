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
