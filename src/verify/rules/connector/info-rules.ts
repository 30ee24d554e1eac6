import type { Definition } from '../../../connector/swagger.ts';
import { type SubjectRule, violation } from '../../rule.ts';
import { sources } from '../../sources.ts';

const forbiddenInTitle = /\b(API|Connector|Copilot Studio|Power (Apps|Automate|Platform|BI|Pages))\b/i;
const forbiddenInDescription = /\b(API|Copilot Studio|Power (Apps|Automate|Platform|BI|Pages))\b/i;

/** The categories that certification knows. */
const CATEGORIES = [
  'AI',
  'Business Management',
  'Business Intelligence',
  'Collaboration',
  'Commerce',
  'Communication',
  'Content and Files',
  'Data',
  'Finance',
  'Human Resources',
  'Internet of Things',
  'IT Operations',
  'Lifestyle and Entertainment',
  'Marketing',
  'Productivity',
  'Sales and CRM',
  'Security',
  'Social Media',
  'Website',
];

/** What the connector says about itself. */
export const infoRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'info.title',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Choose a title of at most 30 characters that ends with a letter or digit and names no product of the platform.',
    check: ({ info }) => violation('/info/title', titleProblem(info?.title)),
  },
  {
    id: 'info.description',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Describe in 30 to 500 characters what the connector does, without "API" and products of the platform.',
    check: ({ info }) => violation('/info/description', descriptionProblem(info?.description)),
  },
  {
    id: 'info.contact',
    level: 'warning',
    source: sources.connectorCertification,
    help: 'Add the contact with name, url and email.',
    check: ({ info }) =>
      (['name', 'url', 'email'] as const)
        .filter((member) => !info?.contact?.[member])
        .map((member) => ({ pointer: `/info/contact/${member}`, message: 'is missing' })),
  },
  {
    id: 'info.metadata',
    level: 'warning',
    source: sources.connectorCertification,
    help: `Add x-ms-connector-metadata with Website, Privacy policy and at most two Categories, separated by a semicolon, of: ${CATEGORIES.join(', ')}.`,
    check: (definition) => {
      const metadata = new Map(
        definition['x-ms-connector-metadata']?.map((entry) => [entry.propertyName, entry.propertyValue]),
      );
      const pointer = '/x-ms-connector-metadata';
      const missing = ['Website', 'Privacy policy', 'Categories'].filter((name) => !metadata.get(name));
      const categories = metadata.get('Categories')?.split(';') ?? [];
      return [
        ...missing.map((name) => ({ pointer, message: `${name} is missing` })),
        ...categories
          .filter((category) => !CATEGORIES.includes(category.trim()))
          .map((category) => ({ pointer, message: `"${category}" is none of Microsoft's categories` })),
        ...(categories.length > 2 ? [{ pointer, message: `there are ${categories.length} categories` }] : []),
      ];
    },
  },
];

function titleProblem(title: string | undefined): string | undefined {
  if (!title) return 'is missing';
  if (title.length > 30) return `has ${title.length} characters`;
  const word = forbiddenInTitle.exec(title)?.[0];
  if (word !== undefined) return `contains "${word}"`;
  return /[a-z0-9]$/i.test(title) ? undefined : 'does not end with a letter or digit';
}

function descriptionProblem(description: string | undefined): string | undefined {
  if (!description) return 'is missing';
  if (description.length < 30 || description.length > 500) return `has ${description.length} characters`;
  const word = forbiddenInDescription.exec(description)?.[0];
  return word === undefined ? undefined : `contains "${word}"`;
}
