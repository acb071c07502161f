// The parts of a row that open and ended orders share: what the order is, its size and what is filled, its prices.

'use client'

import { isLiquidation, type Order, type OrderType, type Side } from '@papertape/protocol'
import type { ReactNode } from 'react'
import { formatPrice, formatSize } from '../format/format.ts'
import { formatMoment } from '../format/time-zone.ts'
import lists from '../ui/lists.module.css'
import css from './tables.module.css'

export function SideAndSymbol({ side, symbol }: { readonly side: Side; readonly symbol: string }) {
  return (
    <>
      <span className={side === 'buy' ? 'up' : 'down'}>{side === 'buy' ? '▲ Buy' : '▼ Sell'}</span>{' '}
      <span className={lists.strong}>{symbol}</span>
    </>
  )
}

const TYPE_TEXTS: Readonly<Record<OrderType, string>> = {
  limit: 'limit',
  market: 'market',
  stop: 'stop',
  stopLimit: 'stop limit',
  trailingStop: 'trailing stop',
}

const ROLE_TEXTS: Readonly<Record<NonNullable<Order['listRole']>, string>> = {
  entry: 'entry',
  takeProfit: 'take-profit',
  stopLoss: 'stop-loss',
}

/** `stop limit · GTC · post only · shows 50`, `stop-loss of list 1042, waits for its entry · stop · GTC`. */
function termsOf(order: Order): string {
  const { orderType, timeInForce, expireTime, listId, listRole, held, trailAmount, trailPercent, limitOffset } = order
  const { postOnly, displaySize, minSize } = order
  return [
    listRole !== undefined && `${ROLE_TEXTS[listRole]} of list ${listId}${held ? ', waits for its entry' : ''}`,
    TYPE_TEXTS[orderType],
    trailAmount !== undefined && `trails by ${trailAmount}`,
    trailPercent !== undefined && `trails by ${trailPercent}%`,
    limitOffset !== undefined && `limit ${limitOffset} behind its stop`,
    expireTime === undefined ? timeInForce : `${timeInForce} until ${formatMoment(expireTime)}`,
    isLiquidation(order) && 'margin call',
    postOnly && 'post only',
    displaySize !== undefined && `shows ${formatSize(displaySize)}`,
    minSize !== undefined && `at least ${formatSize(minSize)} on entry`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** `▲ Buy VELTR` and its terms. */
export function OrderTerms({ order }: { readonly order: Order }) {
  const { side, symbol } = order
  const terms = termsOf(order)
  return (
    <>
      <SideAndSymbol side={side} symbol={symbol} />{' '}
      <span className={`${css.sub} ${css.terms}`} title={terms}>
        {terms}
      </span>
    </>
  )
}

interface PairProps {
  readonly first: ReactNode
  readonly second: ReactNode
}

/** Two figures of one column: beside each other where there is room, else the second beneath the first. */
export function Pair({ first, second }: PairProps) {
  return (
    <span className={css.pair}>
      <span>{first}</span> <span className={css.second}>{second}</span>
    </span>
  )
}

/** The header of such a column: where the second figure is beneath the first, of the first only. */
export function PairHead({ first, second }: PairProps) {
  return <Pair first={first} second={<span className={css.wideText}>{second}</span>} />
}

/** A text that only two-line rows have: their second figure has no header of its own. */
export function Narrow({ children }: { readonly children: ReactNode }) {
  return <span className={css.narrow}>{children}</span>
}

export function Filled({ size }: { readonly size: number }) {
  return (
    <>
      {formatSize(size)}
      <Narrow> filled</Narrow>
    </>
  )
}

export function limitText({ price }: Order, decimals: number): string {
  return price === null ? 'market' : formatPrice(price, decimals)
}

/** The stop price, and whether it has been reached. */
export function Trigger({ order, decimals }: { readonly order: Order; readonly decimals: number }) {
  if (order.stopPrice === undefined) return null
  return (
    <>
      {order.triggered ? <span title="Triggered">✓ </span> : <Narrow>stop </Narrow>}
      {order.triggered && <span className="visually-hidden">triggered at </span>}
      {formatPrice(order.stopPrice, decimals)}
    </>
  )
}

/** The heads of the columns that both lists begin with. @param time what the first column says of an order */
export function OrderHeads({ time }: { readonly time: string }) {
  return (
    <>
      <th scope="col" className={`${css.spare} ${css.time}`}>
        {time}
      </th>
      <th scope="col" className={css.what}>
        Order
      </th>
      <th scope="col" className={`num ${css.amount}`}>
        <PairHead first="Size" second="Filled" />
      </th>
      <th scope="col" className={`num ${css.money}`}>
        <PairHead first="Price" second="Stop" />
      </th>
    </>
  )
}
