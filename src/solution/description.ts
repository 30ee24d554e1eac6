import { markdownToHtml } from './markdown-html.ts';
import { dotnetReplace, escapeDataString } from './powershell.ts';
import type { SolutionData } from './solution-data.ts';

/** How much of each kind the package holds. */
export interface ContentCounts {
  readonly dataConnectors: number;
  readonly workbooks: number;
  readonly analyticsRules: number;
  readonly customConnectors: number;
  readonly functionApps: number;
  readonly playbooks: number;
}

/** The text that Content Hub shows for every solution, around the description of its maker. */
const FRAME = [
  '{{Logo}}',
  '**Note:** Please refer to the following before installing the solution: ',
  '• Review the solution [Release Notes](https://github.com/Azure/Azure-Sentinel/tree/master/Solutions/{{SolutionName}}/ReleaseNotes.md)',
  ' • There may be [known issues](https://aka.ms/sentinelsolutionsknownissues) pertaining to this Solution, please refer to them before installing.',
  '{{SolutionDescription}}',
  '{{Counts}}',
  '[Learn more about Microsoft Sentinel](https://aka.ms/azuresentinel) | [Learn more about Solutions](https://aka.ms/azuresentinelsolutionsdoc)',
].join('\n\n');

/** The description in createUiDefinition: Markdown, below the logo. */
export function descriptionMarkdown(solution: SolutionData, counts: ContentCounts): string {
  const text = withTexts(solution, counts);
  return solution.logo ? dotnetReplace(text, '{{Logo}}', solution.logo) : withoutLogo(text);
}

/** The same as HTML without the logo, for the package's resource. */
export function descriptionHtml(solution: SolutionData, counts: ContentCounts): string {
  return markdownToHtml(withoutLogo(withTexts(solution, counts)));
}

function withTexts(solution: SolutionData, counts: ContentCounts): string {
  const counted = FRAME.replace('{{Counts}}', countsLine(counts));
  const described = dotnetReplace(counted, '{{SolutionDescription}}', solution.description);
  return dotnetReplace(described, '{{SolutionName}}', escapeDataString(solution.name));
}

function withoutLogo(text: string): string {
  return dotnetReplace(text, '{{Logo}}\n\n', '');
}

/**
 * `**Workbooks:** 1, **Playbooks:** 3`: a comma follows a kind wherever a kind behind it is there, and custom connectors and function apps
 * wherever any entry of `Playbooks` is.
 */
function countsLine({ dataConnectors, workbooks, analyticsRules, ...items }: ContentCounts): string {
  const { customConnectors, functionApps, playbooks } = items;
  const inPlaybooks = customConnectors + functionApps + playbooks;
  const entry = (label: string, count: number, behind: number) =>
    count > 0 ? `**${label}:** ${count}${behind > 0 ? ', ' : ''}` : '';
  return [
    entry('Data Connectors', dataConnectors, workbooks + analyticsRules + inPlaybooks),
    entry('Workbooks', workbooks, analyticsRules + inPlaybooks),
    entry('Analytic Rules', analyticsRules, inPlaybooks),
    entry('Custom Azure Logic Apps Connectors', customConnectors, inPlaybooks),
    entry('Function Apps', functionApps, inPlaybooks),
    entry('Playbooks', playbooks, 0),
  ].join('');
}
