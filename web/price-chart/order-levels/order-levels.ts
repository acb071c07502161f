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

/** The height of a label, in pixels. */
const LABEL_PX = 24

/** The column of each label, so that labels of near prices stand beside each other. @param ys in any order. */
export function labelColumns(ys: readonly number[]): number[] {
  const columns: number[] = ys.map(() => 0)
  const lowest: number[] = []
  for (const at of ys.map((_, index) => index).sort((a, b) => ys[a]! - ys[b]!)) {
    let column = 0
    while (lowest[column] !== undefined && ys[at]! - lowest[column]! < LABEL_PX) column++
    columns[at] = column
    lowest[column] = ys[at]!
  }
  return columns
}
