// The account's open orders as lines on the chart, and the machine of moving one: held, sent, and answered. Pure:
// `next` is the whole machine. Drawn by OrderLevels.tsx; orders/order-edit.ts checks the new price before it is sent.

import type { Order } from '@papertape/protocol'
import { formatPrice, formatSize } from '../../format/format.ts'

export interface OrderLevel {
  /** The same for an order after it was replaced. */
  readonly key: string
  readonly order: Order
  readonly kind: 'limit' | 'stop'
  readonly price: number
}

/** A limit order has one level, a stop-limit order that waits two, a market order none. */
export function orderLevels(orders: readonly Order[], symbol: string): OrderLevel[] {
  return orders
    .filter(order => order.symbol === symbol)
    .flatMap(order => {
      const { orderId, price, stopPrice, triggered } = order
      const levels: OrderLevel[] = []
      if (price !== null) levels.push({ key: `${orderId}-limit`, order, kind: 'limit', price })
      if (stopPrice !== undefined && triggered !== true)
        levels.push({ key: `${orderId}-stop`, order, kind: 'stop', price: stopPrice })
      return levels
    })
}

/** `Buy 100 @ 184.50`, `Sell 100 stop 180.00` */
export function levelText({ order, kind, price }: OrderLevel, decimals: number): string {
  const side = order.side === 'buy' ? 'Buy' : 'Sell'
  return `${side} ${formatSize(order.leavesSize)} ${kind === 'limit' ? '@' : 'stop'} ${formatPrice(price, decimals)}`
}

/** `still`: no order is moved. `held`: by a hand or keys, not sent yet. `sent`: its replacement has no answer yet. */
export type OrderMove =
  | { readonly phase: 'still' }
  | { readonly phase: 'held'; readonly key: string; readonly price: number }
  | { readonly phase: 'sent'; readonly key: string; readonly price: number; readonly replaces: string }

export type OrderMoveEvent =
  | { readonly type: 'moved'; readonly key: string; readonly price: number }
  | { readonly type: 'aborted' }
  /** @property replaces the clientOrderId of the order that it replaces. */
  | { readonly type: 'sent'; readonly replaces: string }
  | { readonly type: 'answered' }

export const STILL: OrderMove = { phase: 'still' }

type MoveTable = {
  readonly [Phase in OrderMove['phase']]: {
    readonly [Type in OrderMoveEvent['type']]: (
      move: Extract<OrderMove, { phase: Phase }>,
      event: Extract<OrderMoveEvent, { type: Type }>,
    ) => OrderMove
  }
}

const stay = (move: OrderMove) => move
const stop = () => STILL
const hold = (_: OrderMove, { key, price }: { readonly key: string; readonly price: number }): OrderMove => ({
  phase: 'held',
  key,
  price,
})

const TABLE: MoveTable = {
  still: { moved: hold, aborted: stay, sent: stay, answered: stay },
  held: {
    moved: hold,
    aborted: stop,
    sent: ({ key, price }, { replaces }) => ({ phase: 'sent', key, price, replaces }),
    // Of an earlier move.
    answered: stay,
  },
  sent: { moved: hold, aborted: stay, sent: stay, answered: stop },
}

export function next(move: OrderMove, event: OrderMoveEvent): OrderMove {
  // The table has a function for each pair; TypeScript does not follow the pair through it.
  const step = TABLE[move.phase][event.type] as (move: OrderMove, event: OrderMoveEvent) => OrderMove
  return step(move, event)
}

/** The height of a label as it is drawn, in pixels; as in the style sheet. */
export const LABEL_PX = 24
/** The width of a column of labels. */
const COLUMN_PX = 168

export interface LabelPlace {
  /** From the right. */
  readonly column: number
  readonly y: number
}

/**
 * Places of labels so that none covers another: beside each other where the plot has room, otherwise beneath.
 * @param ys in any order.
 */
export function labelPlaces(
  ys: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
): LabelPlace[] {
  const columns = Math.max(1, Math.floor(width / COLUMN_PX))
  const places: LabelPlace[] = ys.map(y => ({ column: 0, y }))
  const lowest: number[] = Array.from({ length: columns }, () => Number.NEGATIVE_INFINITY)
  const order = ys.map((_, index) => index).sort((a, b) => ys[a]! - ys[b]!)
  for (const at of order) {
    const free = lowest.findIndex(y => ys[at]! - y >= LABEL_PX)
    const column = free >= 0 ? free : lowest.indexOf(Math.min(...lowest))
    const y = Math.max(ys[at]!, lowest[column]! + LABEL_PX)
    places[at] = { column, y }
    lowest[column] = y
  }
  // What has been put beneath the plot moves up, and those above it with it.
  const limits = lowest.map(() => height - LABEL_PX / 2)
  for (const at of order.toReversed()) {
    const { column, y } = places[at]!
    places[at] = { column, y: Math.min(y, limits[column]!) }
    limits[column] = places[at]!.y - LABEL_PX
  }
  return places
}
