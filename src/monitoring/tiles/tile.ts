/** What a tile reads beside incidents; where it is not switched on, the tile gives way to the guide that says how. */
export type Source = 'incidents' | 'health' | 'diagnostics';

/** A column as people read it. */
export interface TileColumn {
  readonly id: string;
  readonly label: string;
  /** Heat map from few (light) to many (dark); a link; else text or number as it comes. */
  readonly shows?: 'heat' | 'link';
}

/** One tile of the workbook: a question, and the query that answers it. */
export interface Tile {
  /** Stable, in the JSON and in the docs. */
  readonly name: string;
  readonly title: string;
  /** The definition, as the tile and the docs print it. */
  readonly says: string;
  readonly source: Source;
  readonly visualization: 'table' | 'timechart' | 'barchart';
  /** Half or whole width. */
  readonly width: 50 | 100;
  readonly columns?: readonly TileColumn[];
  readonly noData: string;
  readonly query: string;
}

export interface TileTexts {
  /** Conditions on the latest row of incidents that must page. */
  readonly filter: readonly string[];
  /** Tags that come with an event of SIGNL4 that nobody caused. */
  readonly unmanned: readonly string[];
}
