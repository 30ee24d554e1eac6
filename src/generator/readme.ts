import type { ArmParameter, ArmTemplate } from '../arm/template.ts';
import { unescapeArm, unescapeArmValue } from '../domain/arm-literal.ts';
import type { Json } from '../domain/json.ts';
import { rawAddress } from '../domain/repository.ts';

const portals = [
  ['Deploy to Azure', 'https://portal.azure.com', 'https://aka.ms/deploytoazurebutton'],
  ['Deploy to Azure Gov', 'https://portal.azure.us', 'https://aka.ms/deploytoazuregovbutton'],
] as const;

/** The two buttons that open a template of a repository in the portal; `path` is its place in the solution folder. */
export function deployButtons(repository: string, path: string): string {
  const template = encodeURIComponent(`${rawAddress(repository)}/Solutions/SIGNL4/${path}`);
  return portals
    .map(([label, portal, image]) => `[![${label}](${image})](${portal}/#create/Microsoft.Template/uri/${template})`)
    .join('\n');
}

/**
 * How to deploy a playbook: the template beside the guide, or the buttons for a repository. A playbook that is in no solution is
 * only there if the user put it there.
 */
export function deploySection(
  playbook: string,
  { parameters }: ArmTemplate,
  { repository, isPublished }: { readonly repository: string; readonly isPublished: boolean },
): string {
  const there = isPublished
    ? `Until the solution with this playbook is published there
(${repository}), they find no template: deploy from the file.`
    : `The solution does not have this playbook: they
find no template before you put it into the repository that you named (${repository}). Deploy from the file.`;
  return `The template beside this guide, with the choices it was built with:

\`\`\`
az deployment group create --resource-group '<playbooks-group>' --template-file azuredeploy.json
\`\`\`

${asked(parameters)}The command line does the same, and what belongs to it, with \`deploy ${playbook}\`. The buttons deploy the published template instead;
its choices are the general defaults, not those of your configuration. ${there}

${deployButtons(repository, `Playbooks/${playbook}/azuredeploy.json`)}`;
}

/** Values that the deploy command asks for: those without a default, secrets without echo. */
function asked(parameters: ArmTemplate['parameters']): string {
  const names = Object.entries(parameters).flatMap(([name, { defaultValue }]) =>
    defaultValue === undefined ? [`\`${name}\``] : [],
  );
  return names.length === 0 ? '' : `It asks for ${names.join(' and ')}. `;
}

/** The deployment parameters as a Markdown table. Defaults are shown as typed, without ARM escapes. */
export function parameterTable(parameters: Readonly<Record<string, ArmParameter>>): string {
  const rows = Object.entries(parameters).map(
    ([name, { type, defaultValue, metadata }]) =>
      `| ${name} | ${type} | ${defaultValue === undefined ? '*required*' : shown(defaultValue)} | ${cell(unescapeArm(metadata.description))} |`,
  );
  return ['| Parameter | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const LONGEST = 60;

function shown(value: Json): string {
  const typed = unescapeArmValue(value);
  const json = typeof typed === 'string' ? typed : JSON.stringify(typed);
  if (json === '') return '*empty*';
  return json.length > LONGEST ? '*see the template*' : `\`${cell(json)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
