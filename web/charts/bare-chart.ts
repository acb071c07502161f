// Chart.js with everything switched off that our painters do themselves or nobody needs: it lays out axes, no more. The
// parts it cannot do without are registered here, once.

import { Chart, type ChartOptions, LinearScale, LineController, LineElement, PointElement } from 'chart.js'

Chart.register(LineController, LineElement, PointElement, LinearScale)

export const BARE_OPTIONS = {
  animation: false,
  parsing: false,
  normalized: true,
  responsive: false,
  maintainAspectRatio: false,
  events: [],
} satisfies ChartOptions<'line'>
