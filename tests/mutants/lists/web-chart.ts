// Bugs of the chart: which bars it shows, what is drawn over them, and how orders are moved on it.

import type { Mutant } from '../mutant.ts'

export const WEB_CHART: readonly Mutant[] = [
  {
    breaks: 'times are local without being asked for',
    file: 'web/price-chart/chart-options.ts',
    text: `zone === 'local' ? 'local' : 'utc'`,
    replacement: `zone === 'utc' ? 'utc' : 'local'`,
  },
  {
    breaks: 'a fill from before a gap is marked at the bar after it',
    file: 'web/price-chart/fill-marks.ts',
    text: 'bar < 0 || fill.time >= bars[bar]!.time + intervalMs',
    replacement: 'bar < 0',
  },
  {
    breaks: 'fills of other instruments are marked',
    file: 'web/price-chart/fill-marks.ts',
    text: 'fill.symbol !== symbol || ',
    replacement: '',
  },
  {
    breaks: 'the moving average begins before it has enough bars',
    file: 'web/price-chart/indicators.ts',
    text: 'at >= count - 1 ? sum / count : undefined',
    replacement: 'sum / count',
  },
  {
    breaks: 'the average price of the day includes the day before',
    file: 'web/price-chart/indicators.ts',
    text: `turnover = 0
      volume = 0
`,
    replacement: '',
  },
  {
    breaks: 'earlier bars are never requested for the average of the day',
    file: 'web/price-chart/indicators.ts',
    text: 'dayOf(bars[0]!) === dayOf(newest)',
    replacement: 'dayOf(bars[0]!) < dayOf(newest)',
  },
  {
    breaks: 'a triggered stop keeps its line',
    file: 'web/price-chart/order-levels/order-levels.ts',
    text: ' && triggered !== true',
    replacement: '',
  },
  {
    breaks: 'what is sent can be aborted',
    file: 'web/price-chart/order-levels/order-levels.ts',
    text: 'sent: { moved: hold, aborted: stay,',
    replacement: 'sent: { moved: hold, aborted: stop,',
  },
  {
    breaks: 'labels of near prices cover each other',
    file: 'web/price-chart/order-levels/order-levels.ts',
    text: 'ys[at]! - y >= LABEL_PX',
    replacement: 'ys[at]! - y >= 0',
  },
  {
    breaks: 'a chart that is scrolled back moves with each new bar',
    file: 'web/price-chart/view/chart-view.ts',
    text: 'edge >= most || plot.bars.length === 0 ?',
    replacement: 'plot.bars.length > 0 ?',
  },
  {
    breaks: 'zooming moves the bar under the pointer',
    file: 'web/price-chart/view/chart-view.ts',
    text: 'to - fromRightPx / slotPx + fromRightPx / zoomed',
    replacement: 'to',
  },
  {
    breaks: 'a bar belongs to the one before it at the moment it opens',
    file: 'web/price-chart/view/chart-view.ts',
    text: 'bars[middle]!.time <= timeMs',
    replacement: 'bars[middle]!.time < timeMs',
  },
  {
    breaks: 'a closed market takes room on the axis',
    file: 'web/price-chart/view/chart-view.ts',
    text: 'at < bars.length - 1 ? Math.min(1, past) : past',
    replacement: 'past',
  },
  {
    breaks: 'the finger that is left after a pinch no longer drags',
    file: 'web/price-chart/view/gestures.ts',
    text: `pointers.size === 0 ? 'none' : 'dragging'`,
    replacement: `'none'`,
  },
  {
    breaks: 'a shaking finger drags the chart instead of tapping it',
    file: 'web/price-chart/view/gestures.ts',
    text: 'const STILL_PX = 4',
    replacement: 'const STILL_PX = 0',
  },
  {
    breaks: 'the end of a drag puts a price into the ticket',
    file: 'web/price-chart/view/gestures.ts',
    text: `if (mode === 'pressed' && pointers.has(point.id)) target.tap(point)`,
    replacement: 'if (pointers.has(point.id)) target.tap(point)',
  },
]
