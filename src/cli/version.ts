import manifest from '../../package.json' with { type: 'json' };

/** Version of this package, of the connector, the playbooks and the solution. */
export const version: string = manifest.version;
