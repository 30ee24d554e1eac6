import type { BundledPackage } from './bundled-packages.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** CycloneDX, as `npm sbom` writes it. */
export interface BillOfMaterials {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const DEVELOPMENT = 'cdx:npm:package:development';

/** What the release contains, of everything that the repository installs. For npm these are development dependencies; in the bundles they are required. */
export function shippedMaterials(all: BillOfMaterials, packages: readonly BundledPackage[]): BillOfMaterials {
  const refs = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const shipped = all.components.filter((component) => refs.has(component['bom-ref']));
  const isOurs = (ref: string) => !all.components.some((component) => component['bom-ref'] === ref);
  return {
    ...all,
    components: shipped.map((component) => ({
      ...component,
      scope: 'required',
      properties: (component.properties ?? []).filter(({ name }) => name !== DEVELOPMENT),
    })),
    dependencies: all.dependencies
      .filter(({ ref }) => refs.has(ref) || isOurs(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  };
}
