// What the account has on the chart, in sentences for the text alternative. Pure.

import type { BarRange } from '../charts/scale.ts'
import { formatPrice, formatSize } from '../format/format.ts'
import { levelText } from './order-levels/order-levels.ts'
import type { ChartData } from './use-chart-data.tsx'

type OwnData = Pick<ChartData, 'position' | 'levels' | 'alerts' | 'marks' | 'decimals'>

export function ownSentences({ position, levels, alerts, marks, decimals }: OwnData, visible: BarRange): string[] {
  const sentences: string[] = []
  if (position !== undefined) {
    const { size, avgCost } = position
    sentences.push(`Position ${formatSize(size)} at an average cost of ${formatPrice(avgCost, decimals)}.`)
  }
  if (levels.length > 0) {
    sentences.push(`Open orders: ${levels.map(level => levelText(level, decimals)).join(', ')}.`)
  }
  if (alerts.length > 0) {
    sentences.push(`Alerts: ${alerts.map(({ price }) => formatPrice(price, decimals)).join(', ')}.`)
  }
  const fills = marks.filter(({ bar }) => bar >= visible.first && bar < visible.end)
  if (fills.length > 0) sentences.push(`Fills: ${fills.map(({ text }) => text).join(', ')}.`)
  return sentences
}
