// What a comparison table is made of: columns of the documents, and what this server does about each row, with figures.

import type { LiveFigureName } from './measures.ts'

export interface RecordedFigure {
  readonly text: string
  /** `2026-11-28` */
  readonly date: string
  /** Where in the project it is recorded. */
  readonly source: string
}

export interface TransportRow {
  readonly name: string
  /** One for each column. */
  readonly cells: readonly string[]
  /** What this server does. */
  readonly here: string
  /** What the page measures by itself for this row. */
  readonly measured?: readonly LiveFigureName[]
  readonly recorded?: readonly RecordedFigure[]
}

export interface TransportTable {
  readonly title: string
  readonly note: string
  readonly columns: readonly string[]
  readonly rows: readonly TransportRow[]
}
