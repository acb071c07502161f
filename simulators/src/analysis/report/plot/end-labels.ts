// Places the names of curves beside their ends without overlap.

import { textAt } from './svg.ts'

export interface EndLabel {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly series: string
}

const LINE_HEIGHT = 11

export function drawLabels(labels: readonly EndLabel[], top: number, bottom: number): string {
  const placed = spread(labels, top, bottom)
  return placed.map(({ text, x, y, series }) => textAt(x, y + 3, text, { class: `label ${series}` })).join('')
}

/** Moves overlapping labels apart: downwards first, then upwards from the bottom. */
export function spread(labels: readonly EndLabel[], top: number, bottom: number): EndLabel[] {
  const ordered = [...labels].sort((a, b) => a.y - b.y).map(label => ({ ...label }))
  let least = top
  for (const label of ordered) {
    label.y = Math.max(label.y, least)
    least = label.y + LINE_HEIGHT
  }
  let most = bottom
  for (const label of ordered.reverse()) {
    label.y = Math.min(label.y, most)
    most = label.y - LINE_HEIGHT
  }
  return ordered.reverse()
}
