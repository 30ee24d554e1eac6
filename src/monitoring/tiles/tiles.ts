import { howFast } from './how-fast.ts';
import { paging } from './paging.ts';
import { sources } from './sources.ts';
import { livesOf } from './texts.ts';
import type { Tile, TileTexts } from './tile.ts';
import { when } from './when.ts';
import { who } from './who.ts';

/** Tiles under one heading. */
export interface Section {
  readonly title: string;
  readonly tiles: readonly Tile[];
}

/** The sections of the workbook, in their order. */
export function sectionsOf(texts: TileTexts): readonly Section[] {
  const lives = livesOf(texts);
  return [
    { title: 'How fast', tiles: howFast(lives) },
    { title: 'When', tiles: when(lives) },
    { title: 'Who', tiles: who(lives) },
    { title: 'Does the paging work', tiles: paging(texts) },
    { title: 'What needs which setting', tiles: sources },
  ];
}

export function tilesOf(texts: TileTexts): readonly Tile[] {
  return sectionsOf(texts).flatMap(({ tiles }) => tiles);
}
