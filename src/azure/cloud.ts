/** Addresses of an Azure cloud's services, without trailing slashes. */
export interface Cloud {
  /** Sign-in, `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Azure Resource Manager. Its address is also the audience of its tokens. */
  readonly resourceManager: string;
  readonly logs: string;
  /** Audience of tokens for `logs`, which is not always its address. */
  readonly logsAudience: string;
  readonly graph: string;
  /** Address of a key vault, with `{vault}` for its name. */
  readonly keyVault: string;
  readonly keyVaultAudience: string;
  /** Address of a function app or its deployment service, with `{host}` for the name that Azure gave it. */
  readonly site: string;
}

/** Addresses by the names that `az cloud list` gives. Source: Azure CLI cloud list, Graph national clouds. */
export const clouds = {
  AzureCloud: {
    authority: 'https://login.microsoftonline.com',
    resourceManager: 'https://management.azure.com',
    logs: 'https://api.loganalytics.azure.com',
    logsAudience: 'https://api.loganalytics.io',
    graph: 'https://graph.microsoft.com',
    keyVault: 'https://{vault}.vault.azure.net',
    keyVaultAudience: 'https://vault.azure.net',
    site: 'https://{host}',
  },
  AzureUSGovernment: {
    authority: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    logs: 'https://api.loganalytics.us',
    logsAudience: 'https://api.loganalytics.us',
    graph: 'https://graph.microsoft.us',
    keyVault: 'https://{vault}.vault.usgovcloudapi.net',
    keyVaultAudience: 'https://vault.usgovcloudapi.net',
    site: 'https://{host}',
  },
  AzureChinaCloud: {
    authority: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
    logs: 'https://api.loganalytics.azure.cn',
    logsAudience: 'https://api.loganalytics.azure.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    keyVault: 'https://{vault}.vault.azure.cn',
    keyVaultAudience: 'https://vault.azure.cn',
    site: 'https://{host}',
  },
} as const satisfies Readonly<Record<string, Cloud>>;
export type CloudName = keyof typeof clouds;
