// Places what lies over the canvas where the painter has drawn: in the same frame, past React. Called by
// CandleChart.tsx.

import type { CandleChart } from '../charts/candles.ts'
import { LABEL_PX, labelPlaces } from './order-levels/order-levels.ts'

/** The tag at the pointer on an axis; hidden without a place. */
export function placeTag(
  tag: HTMLElement | null,
  place: { readonly x?: number; readonly y?: number; readonly text: string } | undefined,
): void {
  if (tag === null) return
  tag.style.visibility = place === undefined ? 'hidden' : 'visible'
  if (place === undefined) return
  const { x, y = 0, text } = place
  const output = tag.querySelector('[data-text]')!
  if (output.textContent !== text) output.textContent = text
  // Beneath the crosshair, but not out of the chart.
  const left = x === undefined ? 0 : Math.max(0, x - tag.offsetWidth / 2)
  tag.style.transform = `translate(${Math.round(left)}px, ${Math.round(y)}px)`
}

/** Each child with a price at its height. One beyond the scale stays at the edge, so that it can be found. */
export function placeLevels(list: HTMLElement | null, painter: Pick<CandleChart, 'yOf' | 'plotPx'>): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-price]') ?? [])]
  const { width, height } = painter.plotPx
  const ys = rows.map(row => Math.round(painter.yOf(Number(row.dataset.price))))
  const edges = ys.map(y => Math.min(height - 14, Math.max(14, y)))
  const labels = rows.flatMap((row, at) => (row.querySelector('[data-label]') === null ? [] : [at]))
  const places = labelPlaces(
    labels.map(at => edges[at]!),
    { width, height },
  )
  for (const [at, row] of rows.entries()) {
    const isBeyond = ys[at]! < 0 || ys[at]! > height
    row.style.visibility = 'visible'
    const y = isBeyond ? edges[at]! : ys[at]!
    const place = places[labels.indexOf(at)]
    row.style.transform = `translateY(${y}px)`
    row.style.setProperty('--column', String(place?.column ?? 0))
    const shift = (place?.y ?? y) - y
    row.style.setProperty('--shift', `${shift}px`)
    row.toggleAttribute('data-shifted', Math.abs(shift) >= LABEL_PX / 2)
    if (isBeyond) row.dataset.beyond = ys[at]! < 0 ? 'above' : 'below'
    else delete row.dataset.beyond
  }
}
