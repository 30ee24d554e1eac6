/** An API connection that a playbook uses; its key in `$connections` and what it connects to. */
export interface Connection {
  readonly key: string;
  /** `@parameters('$connections')['signl4']['connectionId']` */
  readonly reference: string;
  readonly api:
    | { readonly kind: 'managed'; readonly name: string }
    /** A custom connector, found by the deployment parameter that names it. */
    | { readonly kind: 'custom'; readonly nameParameter: string };
  /** Shown in the portal in front of the playbook's name. */
  readonly displayName: string;
}

function connection(key: string, displayName: string, api: Connection['api']): Connection {
  return { key, displayName, api, reference: `@parameters('$connections')['${key}']['connectionId']` };
}

/** Microsoft Sentinel, as the playbook's own managed identity. */
export const sentinelConnection = connection('azuresentinel', 'MicrosoftSentinel', {
  kind: 'managed',
  name: 'azuresentinel',
});

/** The SIGNL4 custom connector, by API key. */
export const signl4Connection = connection('signl4', 'SIGNL4', {
  kind: 'custom',
  nameParameter: 'CustomConnectorName',
});
