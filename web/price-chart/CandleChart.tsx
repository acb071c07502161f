// The candle chart in the page: the canvas with what lies over it, what hands and keys do to it, or its bars as a
// table. Loaded by ChartPanel.tsx once the page is there.

'use client'

import { useEffect, useRef, useState } from 'react'
import { barsBetween } from '../charts/scale.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { isCarried } from '../market/carried-bars.ts'
import { onGrid } from '../orders/checked-number.ts'
import { Bell } from '../ui/Bell.tsx'
import { BarSlider } from './BarSlider.tsx'
import { BarTable } from './BarTable.tsx'
import css from './CandleChart.module.css'
import { ChartLegend } from './ChartLegend.tsx'
import { ChartMoves } from './ChartMoves.tsx'
import { ChartNotes } from './ChartNotes.tsx'
import { fillTexts } from './fill-marks.ts'
import { lacksDayStart } from './indicators.ts'
import { OrderLevels } from './order-levels/OrderLevels.tsx'
import { useOrderMove } from './order-levels/use-order-move.tsx'
import { AlertLevels } from './price-alerts/AlertLevels.tsx'
import { usePriceAlert } from './price-alerts/use-price-alert.tsx'
import { type ChartData, useChartData } from './use-chart-data.tsx'
import { useChartElements, usePainting } from './use-painting.tsx'
import { isNearOldest } from './view/chart-view.ts'
import { type ShownView, useChartView } from './view/use-chart-view.tsx'
import { useCursor } from './view/use-cursor.tsx'
import { useGestures } from './view/use-gestures.tsx'
import { ZoneButton } from './ZoneButton.tsx'

export function CandleChart() {
  const { feed, ticket, announcements } = useDashboard()
  const data = useChartData()
  const { symbol, interval, bars, decimals, tickSize, levels } = data
  const [isTable, setTable] = useState(false)
  const box = useRef<HTMLFieldSetElement>(null)
  const elements = useChartElements()
  const { canvas } = elements
  const view = useChartView(box, `${symbol} ${interval}`, { bars, intervalMs: data.intervalMs })
  const cursor = useCursor(bars, view.range)
  const moving = useOrderMove(levels)
  const priceAlert = usePriceAlert()
  const chart = usePainting(elements, data, view.range, cursor, moving.move)
  useEarlierBars(data, view)

  const priceText = (price: number) => onGrid(price, tickSize, decimals).toFixed(decimals)
  const alertAt = (price: number) => void priceAlert.set(symbol, priceText(price))
  const pick = (price: number) => {
    const text = priceText(price)
    ticket.pickPrice(text)
    announcements.announce(`The price in the ticket is ${text}.`, 'keys')
  }
  const pickAt = (y: number) => chart.current !== undefined && pick(chart.current.priceAt(y))
  useGestures(canvas, {
    hover: (x, y) => cursor.point({ x, y }),
    leave: () => cursor.point(undefined),
    drag: dx => view.moveBy(-dx / view.range.slotPx),
    zoom: view.zoom,
    tap({ x, y, kind, shift }) {
      if (x > view.plotPx || shift) pickAt(y)
      // A second tap of a finger removes the crosshair, which a mouse does by leaving.
      else if (kind === 'touch') cursor.point(cursor.pointer === undefined ? { x, y } : undefined)
    },
  })
  const { first, end } = barsBetween(bars, view.range.from, view.range.to)
  const barShown = cursor.bar ?? bars.length - 1
  const fills = fillTexts(data.marks, barShown)
  return (
    <>
      <ChartLegend data={data} index={barShown} fills={fills} isTable={isTable} onTable={setTable} />
      <fieldset ref={box} className={css.candles} aria-label="Chart">
        <canvas
          ref={canvas}
          className={css.canvas}
          role="img"
          aria-label="Candles"
          data-testid="candles"
          data-covered={isTable}
        />
        {isTable && <BarTable data={data} bars={bars.slice(first, end).filter(bar => !isCarried(bar))} />}
        <div hidden={isTable}>
          <BarSlider data={data} view={view} cursor={cursor} fills={fills} onPick={pick} onAlert={alertAt} />
          <OrderLevels
            levels={levels}
            moving={moving}
            decimals={decimals}
            tickSize={tickSize}
            list={elements.orders}
            priceAt={clientY => chart.current!.priceAt(clientY - canvas.current!.getBoundingClientRect().top)}
          />
          {data.alerts.length > 0 && (
            <AlertLevels
              levels={data.alerts}
              decimals={decimals}
              list={elements.alerts}
              onRemove={id => void priceAlert.remove(id)}
            />
          )}
          <div ref={elements.priceTag} className={css.priceTag}>
            <button
              type="button"
              className={css.setAlert}
              tabIndex={-1}
              aria-label="Set an alert at the price"
              title="Set an alert at the price"
              onClick={() =>
                cursor.pointer !== undefined &&
                chart.current !== undefined &&
                alertAt(chart.current.priceAt(cursor.pointer.y))
              }
            >
              <Bell />
            </button>
            <button
              type="button"
              tabIndex={-1}
              aria-label="Put the price into the ticket"
              title="Put the price into the ticket"
              onClick={() => cursor.pointer !== undefined && pickAt(cursor.pointer.y)}
            >
              <span aria-hidden="true">+</span>
            </button>
            <span data-text data-testid="crosshair-price" />
          </div>
          <div ref={elements.timeTag} className={css.timeTag}>
            <span data-text data-testid="crosshair-time" />
          </div>
        </div>
        <ChartNotes
          data={data}
          isAtOldest={view.range.from < 1}
          note={moving.note || priceAlert.note}
          onRetry={() => feed.loadEarlierBars()}
        />
        <ChartMoves view={view} isTable={isTable} onNow={() => cursor.select(undefined)} />
        <ZoneButton data={data} timeMs={bars[barShown]?.time ?? 0} />
      </fieldset>
    </>
  )
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Requests the bars before the oldest one when it comes near, or when the average price of the day lacks them. */
function useEarlierBars({ phase, earlier, vwap, bars, intervalMs }: ChartData, { range, isReady }: ShownView): void {
  const { feed } = useDashboard()
  const lacksBars = vwap !== undefined && intervalMs >= MINUTE_MS && intervalMs < DAY_MS && lacksDayStart(bars)
  const isWanted = phase === 'ready' && earlier === 'unknown' && isReady && (isNearOldest(range) || lacksBars)
  useEffect(() => {
    if (isWanted) feed.loadEarlierBars()
  })
}
