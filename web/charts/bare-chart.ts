// Options of Chart.js for all charts: no animation, no parsing, no events, no resizing of its own. Registers the scale
// that they use.

import { Chart, type CoreChartOptions, LinearScale } from 'chart.js'

Chart.register(LinearScale)

export const BARE_OPTIONS = {
  animation: false,
  parsing: false,
  normalized: true,
  responsive: false,
  maintainAspectRatio: false,
  events: [],
} satisfies Partial<CoreChartOptions<'candles' | 'steppedArea'>>
