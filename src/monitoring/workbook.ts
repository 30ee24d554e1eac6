import type { Json, JsonObject } from '../domain/json.ts';
import { DIAGNOSTICS_OFF, HEALTH_OFF, INTRODUCTION } from './guides.ts';
import { type ParameterValues, parameterItems, stateParameter, WORKSPACES } from './parameters.ts';
import type { Source, Tile, TileColumn, TileTexts } from './tiles/tile.ts';
import { type Section, sectionsOf } from './tiles/tiles.ts';

/*
 * The workbook "SIGNL4 on-call" as JSON. Format: Azure Monitor workbooks, "Notebook/1.0"; item types 1 text, 3 query, 9 parameters, 12 group
 * (schema of Microsoft/Application-Insights-Workbooks; the repository's instructions for workbooks).
 */

export const WORKBOOK_TITLE = 'SIGNL4 on-call';

const SCHEMA = 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json';

export interface WorkbookTexts extends ParameterValues, TileTexts {}

/** Equal texts give equal JSON. */
export function onCallWorkbook(texts: WorkbookTexts): JsonObject {
  return {
    version: 'Notebook/1.0',
    items: [
      { type: 1, content: { json: INTRODUCTION }, name: 'introduction' },
      { type: 9, content: parameterItems(texts), name: 'parameters' },
      ...sectionsOf(texts).flatMap(sectionItems),
    ],
    fromTemplateId: 'sentinel-SIGNL4OnCall',
    $schema: SCHEMA,
  };
}

/** A heading, the tiles, and for each source that may be off the guide that takes their place. */
function sectionItems({ title, tiles }: Section): readonly Json[] {
  const guides = (['health', 'diagnostics'] as const).filter((source) => tiles.some((tile) => tile.source === source));
  return [
    { type: 1, content: { json: `### ${title}` }, name: `heading ${title}` },
    ...tiles.map(tileItem),
    ...guides.map((source) => guideItem(source, title)),
  ];
}

function tileItem(tile: Tile): JsonObject {
  const { name, title, says, source, width, visualization, noData, query } = tile;
  return {
    type: 12,
    content: {
      version: 'NotebookGroup/1.0',
      groupType: 'editable',
      items: [
        { type: 1, content: { json: `**${title}**\n\n${says}` }, name: `${name} definition` },
        {
          type: 3,
          content: {
            version: 'KqlItem/1.0',
            query,
            size: 0,
            ...timeContext(source),
            queryType: 0,
            resourceType: WORKSPACES,
            visualization,
            noDataMessage: noData,
            noDataMessageStyle: 3,
            ...(visualization === 'table' && { gridSettings: gridSettings(tile.columns ?? []) }),
          },
          name,
        },
      ],
    },
    ...(width < 100 && { customWidth: String(width) }),
    ...visibleWhere(source, 'on'),
    name: `${name} tile`,
  };
}

/**
 * A time context limits the rows of every table to the range, beside what the query says. Tiles on incidents have none ("Set in query"): the range
 * chooses incidents by their creation, and what happened to them later counts. Microsoft's "Security operations efficiency" does the same.
 */
function timeContext(source: Source): JsonObject {
  return source === 'incidents' ? {} : { timeContextFromParameter: 'TimeRange' };
}

function guideItem(source: 'health' | 'diagnostics', section: string): JsonObject {
  return {
    type: 1,
    content: { json: source === 'health' ? HEALTH_OFF : DIAGNOSTICS_OFF, style: 'warning' },
    ...visibleWhere(source, 'off'),
    name: `${source} off ${section}`,
  };
}

function visibleWhere(source: Source, value: 'on' | 'off'): JsonObject {
  if (source === 'incidents') return {};
  return { conditionalVisibility: { parameterName: stateParameter[source], comparison: 'isEqualTo', value } };
}

function gridSettings(columns: readonly TileColumn[]): JsonObject {
  const formatters = columns.flatMap(({ id, shows }): JsonObject[] => {
    if (shows === 'heat') return [{ columnMatch: id, formatter: 8, formatOptions: { palette: 'orange' } }];
    if (shows === 'link')
      return [{ columnMatch: id, formatter: 7, formatOptions: { linkTarget: 'Url', linkLabel: 'Open' } }];
    return [];
  });
  return {
    ...(formatters.length > 0 && { formatters }),
    labelSettings: columns.map(({ id, label }) => ({ columnId: id, label })),
  };
}
