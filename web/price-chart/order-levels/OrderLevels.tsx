// The account's open orders on the chart: a line at each price with a label that is dragged, or moved by arrow keys,
// to replace the order, and a button that cancels it. CandleChart.tsx places them by their `data-price` when it
// draws.

'use client'

import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react'
import { formatPrice, formatSize } from '../../format/format.ts'
import css from './OrderLevels.module.css'
import { levelText, type OrderLevel } from './order-levels.ts'
import type { OrderMoving } from './use-order-move.tsx'

interface OrderLevelsProps {
  readonly levels: readonly OrderLevel[]
  readonly moving: OrderMoving
  readonly decimals: number
  readonly tickSize: number
  readonly list: RefObject<HTMLUListElement | null>
  /** The price at a vertical position of the page. */
  readonly priceAt: (clientY: number) => number
}

export function OrderLevels({ levels, moving, list, ...scale }: OrderLevelsProps) {
  return (
    <ul className={css.levels} ref={list} aria-label="Open orders on the chart" data-testid="chart-orders">
      {levels.map(level => (
        <OrderRow key={level.key} level={level} moving={moving} {...scale} />
      ))}
    </ul>
  )
}

type OrderRowProps = Omit<OrderLevelsProps, 'levels' | 'list'> & { readonly level: OrderLevel }

/** Ticks that a key moves the price by. */
const KEY_TICKS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
}

function OrderRow({ level, moving, decimals, tickSize, priceAt }: OrderRowProps) {
  const { order, key, kind } = level
  const { move } = moving
  const isMoved = move.phase !== 'still' && move.key === key
  const price = isMoved ? move.price : level.price
  const slider = useRef<HTMLSpanElement>(null)
  const isDragging = useRef(false)
  const text = levelText(level, decimals)

  const down = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || event.currentTarget.dataset.beyond !== undefined) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    slider.current?.focus()
    isDragging.current = true
  }
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (isDragging.current) moving.moveTo(level, priceAt(event.clientY))
  }
  const release = () => {
    if (isDragging.current) moving.send(level)
    isDragging.current = false
  }
  const abort = () => {
    isDragging.current = false
    moving.abort()
  }
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const ticks = KEY_TICKS[event.key]
    if (ticks !== undefined) moving.moveTo(level, price + ticks * (event.shiftKey ? 10 : 1) * tickSize)
    else if (event.key === 'Enter') moving.sendByKey(level)
    else if (event.key === 'Escape' && isMoved) abort()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      {isMoved && <li className={css.origin} data-price={level.price} aria-hidden="true" />}
      <li
        className={css.level}
        data-price={price}
        data-side={order.side}
        data-kind={kind}
        data-moved={isMoved ? move.phase : undefined}
        data-testid={`chart-order-${order.clientOrderId}`}
        onPointerDown={down}
        onPointerMove={drag}
        onPointerUp={release}
        onPointerCancel={abort}
      >
        <span className={css.label} data-label>
          <span
            ref={slider}
            className={css.text}
            role="slider"
            tabIndex={0}
            aria-label={`${order.side === 'buy' ? 'Buy' : 'Sell'} ${formatSize(order.leavesSize)} ${order.symbol}, ${kind} price`}
            aria-orientation="vertical"
            aria-valuemin={tickSize}
            aria-valuemax={level.price * 2}
            aria-valuenow={price}
            aria-valuetext={isMoved ? `${formatPrice(price, decimals)}, Enter sends` : formatPrice(price, decimals)}
            onKeyDown={press}
            onBlur={() => move.phase === 'held' && !isDragging.current && abort()}
          >
            {text}
            {isMoved && ` → ${formatPrice(price, decimals)}`}
          </span>
          <button
            type="button"
            className={css.cancel}
            aria-label={`Cancel ${text}`}
            onPointerDown={event => event.stopPropagation()}
            onClick={() => moving.cancel(level)}
          >
            <span aria-hidden="true">×</span>
          </button>
        </span>
      </li>
    </>
  )
}
