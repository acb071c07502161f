// What the chart shows of the selected instrument: its bars with the last price carried over, indicators, and what the
// account has in it. Knows nothing of the view or the canvas.

'use client'

import { INTERVALS } from '@papertape/protocol'
import { useMemo, useRef } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useAlerts } from '../dashboard/use-alerts.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { carryOver } from '../market/carried-bars.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { CHART_OPTIONS } from './chart-options.ts'
import { fillMarks } from './fill-marks.ts'
import { dayVwap, movingAverage } from './indicators.ts'
import { orderLevels } from './order-levels/order-levels.ts'
import { alertLevels } from './price-alerts/alert-levels.ts'

export type ChartData = ReturnType<typeof useChartData>

export function useChartData() {
  const { bars: barStore, store, desk } = useDashboard()
  const { symbol, interval, phase, earlier, bars: traded } = useObservable(barStore.state)
  const { orders, fills, positions } = useObservable(desk.state)
  const [options, setOptions] = usePreference(CHART_OPTIONS)
  const { overlays } = options
  const untilMs = useCarriedUntil(symbol)
  const instrument = store.instrument(symbol)
  const decimals = instrument?.priceDecimals ?? 2
  const intervalMs = INTERVALS[interval]
  const bars = useMemo(() => carryOver(traded, intervalMs, untilMs), [traded, intervalMs, untilMs])
  const vwap = useMemo(() => (overlays.vwap ? dayVwap(bars) : undefined), [bars, overlays.vwap])
  const average = useMemo(() => (overlays.movingAverage ? movingAverage(bars) : undefined), [bars, overlays])
  const marks = useMemo(
    () => (overlays.fills ? fillMarks(fills, symbol, bars, intervalMs, decimals) : []),
    [overlays.fills, fills, symbol, bars, intervalMs, decimals],
  )
  const levels = useMemo(() => (overlays.orders ? orderLevels(orders, symbol) : []), [overlays.orders, orders, symbol])
  const [{ alerts: known }] = useAlerts()
  const alerts = useMemo(() => (overlays.alerts ? alertLevels(known, symbol) : []), [overlays.alerts, known, symbol])
  const position = positions.find(one => one.symbol === symbol && one.size !== 0)
  return {
    symbol,
    interval,
    intervalMs,
    phase,
    earlier,
    /** With the last price carried over. */
    bars,
    decimals,
    tickSize: instrument?.tickSize ?? 0.01,
    options,
    setOptions,
    vwap,
    average,
    marks,
    levels,
    alerts,
    position: overlays.averageCost ? position : undefined,
  }
}

/** The market's clock while the instrument trades; where it stopped while it does not. */
function useCarriedUntil(symbol: string): number {
  const { store } = useDashboard()
  const clock = useObservable(store.clock)
  const { phase } = useObservable(store.tradeSummary(symbol))
  const stopped = useRef({ symbol: '', atMs: 0 })
  const isTrading = phase === 'continuous' || phase === 'limitState'
  if (isTrading || stopped.current.symbol !== symbol) stopped.current = { symbol, atMs: isTrading ? clock : 0 }
  return stopped.current.atMs
}
