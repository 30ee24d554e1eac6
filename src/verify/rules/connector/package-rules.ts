import type { Definition } from '../../../connector/swagger.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { below } from './walk.ts';

/** `apiProperties.json`. */
export interface ApiProperties {
  readonly properties?: {
    readonly connectionParameters?: Readonly<Record<string, ConnectionParameter>>;
    readonly iconBrandColor?: string;
    readonly publisher?: string;
    readonly stackOwner?: string;
  };
}

interface ConnectionParameter {
  readonly type?: string;
  readonly uiDefinition?: {
    readonly displayName?: string;
    readonly description?: string;
    readonly tooltip?: string;
    readonly constraints?: { readonly required?: unknown };
  };
}

/** `azuredeploy.json` as far as the rules look at it. */
export interface ConnectorTemplate {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly parameters?: Readonly<Record<string, { readonly type?: string; readonly defaultValue?: unknown }>>;
  readonly resources?: readonly CustomApi[];
}

interface CustomApi {
  readonly type?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly properties?: {
    readonly swagger?: Definition;
    readonly backendService?: { readonly serviceUrl?: string };
    readonly connectionParameters?: Readonly<Record<string, ConnectionParameter>>;
  };
}

export const apiPropertiesRules: readonly SubjectRule<ApiProperties>[] = [
  {
    id: 'properties.brand-color',
    level: 'warning',
    source: sources.connectorCertification,
    help: 'Choose a color of your own in the form #RRGGBB, neither #007ee5 nor #ffffff.',
    check: ({ properties }) => {
      const color = properties?.iconBrandColor ?? '';
      const allowed = /^#[0-9a-f]{6}$/i.test(color) && !['#007ee5', '#ffffff'].includes(color.toLowerCase());
      return allowed ? [] : [{ pointer: '/properties/iconBrandColor', message: `"${color}" is not allowed` }];
    },
  },
  {
    id: 'properties.publisher',
    level: 'warning',
    source: sources.connectorCertification,
    help: 'Name who publishes the connector and who owns the service behind it.',
    check: ({ properties }) =>
      (['publisher', 'stackOwner'] as const)
        .filter((member) => !properties?.[member])
        .map((member) => ({ pointer: `/properties/${member}`, message: 'is missing' })),
  },
  {
    id: 'properties.connection-parameters',
    level: 'warning',
    source: sources.connectorCertification,
    help: 'Give each parameter of the connection displayName, description, tooltip and constraints; "required" is a string.',
    check: ({ properties }) => connectionProblems('/properties/connectionParameters', properties?.connectionParameters),
  },
];

const forbidden = ['apiDefinitions', 'runtimeUrls', 'wsdlDefinition'];
const galleryMembers = ['title', 'description', 'lastUpdateTime', 'support', 'author', 'releaseNotes'];

/** The ARM template of the connector. */
export const templateRules: readonly SubjectRule<ConnectorTemplate>[] = [
  perApi(
    {
      id: 'template.service-url',
      level: 'error',
      source: sources.connectorTemplates,
      help: 'Write https, the host and the base path of the definition: Azure refuses anything else (error 14024).',
    },
    ({ properties }) => {
      const { host, basePath } = properties?.swagger ?? {};
      const url = properties?.backendService?.serviceUrl;
      if (url?.startsWith('[')) return [];
      const expected = `https://${host}${basePath ?? ''}`;
      return bareAddress(url ?? '') === bareAddress(expected)
        ? []
        : [`properties/backendService/serviceUrl is "${url}", expected "${expected}"`];
    },
  ),
  perApi(
    {
      id: 'template.members',
      level: 'warning',
      source: sources.azureSentinel,
      help: 'Remove apiDefinitions, runtimeUrls and wsdlDefinition, which only Azure itself fills in.',
    },
    ({ properties }) =>
      forbidden.filter((member) => Object.hasOwn(properties ?? {}, member)).map((member) => `properties has ${member}`),
  ),
  perApi(
    {
      id: 'template.resource',
      level: 'warning',
      source: sources.connectorTemplates,
      help: 'Use Microsoft.Web/customApis 2016-06-01, named by the parameter CustomConnectorName.',
    },
    ({ apiVersion, name }) => [
      ...(apiVersion === '2016-06-01' ? [] : [`the version is ${apiVersion}`]),
      ...(name === "[parameters('CustomConnectorName')]" ? [] : [`the name is ${name}`]),
    ],
  ),
  perApi(
    {
      id: 'template.connection-parameters',
      level: 'warning',
      source: sources.connectorTemplates,
      help: 'Keep the key in a securestring with displayName, description, tooltip and constraints.',
    },
    ({ properties }) => [
      ...connectionProblems('', properties?.connectionParameters).map(
        ({ pointer, message }) => `${pointer} ${message}`,
      ),
      ...Object.entries(properties?.connectionParameters ?? {})
        .filter(([, { type }]) => type !== 'securestring')
        .map(([name, { type }]) => `${name} is a ${type}`),
    ],
  ),
  {
    id: 'template.connector-name',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Declare the string parameter CustomConnectorName, with a default that ends in "CustomConnector".',
    check: ({ parameters }) => {
      const { type, defaultValue } = parameters?.['CustomConnectorName'] ?? {};
      const good = type === 'string' && typeof defaultValue === 'string' && /^\w+CustomConnector$/.test(defaultValue);
      return good ? [] : [{ pointer: '/parameters/CustomConnectorName', message: `the default is ${defaultValue}` }];
    },
  },
  {
    id: 'template.gallery',
    level: 'warning',
    source: sources.azureSentinel,
    help: 'Fill in title, description, lastUpdateTime (UTC), support, author and releaseNotes of the metadata.',
    check: ({ metadata }) => [
      ...galleryMembers
        .filter((member) => !metadata?.[member])
        .map((member) => ({ pointer: below('', 'metadata', member), message: 'is missing' })),
      ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(metadata?.['lastUpdateTime'] ?? ''))
        ? []
        : [{ pointer: '/metadata/lastUpdateTime', message: `"${metadata?.['lastUpdateTime']}" is not a time in UTC` }]),
    ],
  },
];

const PNG_HEADER_LENGTH = 24;
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The icon as bytes. */
export const iconRules: readonly SubjectRule<Uint8Array>[] = [
  {
    id: 'icon.size',
    level: 'warning',
    source: sources.connectorCertification,
    help: 'Draw a square PNG with 100 to 230 pixels per side.',
    check: (bytes) => {
      if (bytes.length < PNG_HEADER_LENGTH || pngSignature.some((byte, index) => bytes[index] !== byte)) {
        return [{ pointer: '', message: 'the icon is not a PNG' }];
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const [width, height] = [view.getUint32(16), view.getUint32(20)];
      const good = width === height && width >= 100 && width <= 230;
      return good ? [] : [{ pointer: '', message: `the icon has ${width} by ${height} pixels` }];
    },
  },
];

/** Ignores case and a trailing slash. */
function bareAddress(url: string): string {
  const [, origin = '', path = ''] = /^(https:\/\/[^/]*)(.*)$/i.exec(url) ?? [];
  return origin.toLowerCase() + path.replace(/\/+$/, '');
}

function perApi(
  rule: Omit<SubjectRule<ConnectorTemplate>, 'check'>,
  problems: (api: CustomApi) => readonly string[],
): SubjectRule<ConnectorTemplate> {
  const check = ({ resources }: ConnectorTemplate) => {
    const apis = (resources ?? []).flatMap((resource, index) =>
      resource.type?.toLowerCase() === 'microsoft.web/customapis' ? [{ resource, pointer: `/resources/${index}` }] : [],
    );
    return apis.flatMap(({ resource, pointer }) => problems(resource).map((message) => ({ pointer, message })));
  };
  return { ...rule, check };
}

function connectionProblems(
  pointer: string,
  parameters: Readonly<Record<string, ConnectionParameter>> | undefined,
): Violation[] {
  if (parameters === undefined || Object.keys(parameters).length === 0) {
    return [{ pointer, message: 'there is no connection parameter' }];
  }
  return Object.entries(parameters).flatMap(([name, { uiDefinition }]) => [
    ...(['displayName', 'description', 'tooltip', 'constraints'] as const)
      .filter((member) => !uiDefinition?.[member])
      .map((member) => ({ pointer: below(pointer, name, 'uiDefinition', member), message: 'is missing' })),
    ...(typeof uiDefinition?.constraints?.required === 'string'
      ? []
      : [{ pointer: below(pointer, name, 'uiDefinition', 'constraints', 'required'), message: 'is not a string' }]),
  ]);
}
