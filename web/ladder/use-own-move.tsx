// The own orders of a row that a person has chosen on the ladder: moved to another row, sent, canceled. Nothing leaves
// before `send` or `cancel`.

'use client'

import type { Instrument, Order, Side } from '@papertape/protocol'
import { useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { DepthState } from '../market/depth.ts'
import { type PriceGrid, priceOf } from '../market/price-groups.ts'
import { CHANNEL_PROBLEMS, keyRefusal } from '../orders/arming.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { ownInRow } from './ladder-rows.ts'
import { type OwnMove, planMove, tradesAtOnce } from './own-move.ts'

const FROZEN = 'The screen is frozen. Press Frozen to move orders.'

/** What is chosen, with its orders as they are now. */
export interface ChosenOrders extends OwnMove {
  readonly orders: readonly Order[]
  readonly fromPrice: number
  readonly toPrice: number
  readonly problem: string | undefined
  readonly tradesAtOnce: boolean
  /** Why the key that was pressed last did not send it. */
  readonly refusal: string | undefined
}

export interface OwnMoveControl {
  readonly chosen: ChosenOrders | undefined
  choose(side: Side, group: number): void
  /** To another row. */
  moveTo(group: number): void
  /** Replaces each order that changes, of what is chosen or of another move. Stays chosen if it cannot. */
  send(move?: OwnMove): void
  cancel(move?: OwnMove): void
  /** The same by a key, which may have to be armed. */
  byKey(act: 'replace' | 'cancel', move?: OwnMove): void
  abort(): void
}

export function useOwnMove(
  own: readonly Order[],
  book: DepthState,
  instrument: Instrument,
  grid: PriceGrid,
): OwnMoveControl {
  const { desk, frozen, connections, settings, announcements } = useDashboard()
  const isFrozen = useObservable(frozen) !== null
  const channel = useObservable(connections.orders.facts).state
  const [kept, setKept] = useState<{ readonly move: OwnMove; readonly of: string; readonly refusal?: string }>()
  const of = `${instrument.symbol} ${grid.groupTicks}`
  const chosen = kept?.of === of ? chosenOf(kept.move) : undefined
  // Orders that come to the row later are not those that were chosen.
  if (kept !== undefined && chosen === undefined) setKept(undefined)

  /** Undefined once the orders of the row are filled or gone. */
  function chosenOf({ side, from, to }: OwnMove): ChosenOrders | undefined {
    const orders = ownInRow(own, side, from, grid)
    if (orders.length === 0) return undefined
    const toPrice = priceOf(to, grid)
    return {
      side,
      from,
      to,
      orders,
      fromPrice: priceOf(from, grid),
      toPrice,
      problem: isFrozen ? FROZEN : (CHANNEL_PROBLEMS[channel] ?? planMove(orders, toPrice, instrument).problem),
      tradesAtOnce: to !== from && tradesAtOnce(side, toPrice, book),
      refusal: kept?.refusal,
    }
  }

  const abort = () => setKept(undefined)
  const control: OwnMoveControl = {
    chosen,
    abort,
    choose: (side, group) => setKept({ of, move: { side, from: group, to: group } }),
    moveTo: to => setKept(now => now && { of: now.of, move: { ...now.move, to: Math.max(1, to) } }),
    send(other) {
      const sent = other === undefined ? chosen : chosenOf(other)
      if (sent === undefined || sent.problem !== undefined) return
      for (const { order, price } of planMove(sent.orders, sent.toPrice, instrument).changes) {
        desk.replace(order, { price })
      }
      abort()
    },
    cancel(other) {
      for (const order of (other === undefined ? chosen : chosenOf(other))?.orders ?? []) desk.cancel(order)
      abort()
    },
    byKey(act, other) {
      const refusal = keyRefusal(act, settings.state.get().keysSend)
      if (refusal !== undefined) {
        setKept(now => now && { ...now, refusal })
        announcements.announce(refusal, 'keys')
      } else if (act === 'replace') control.send(other)
      else control.cancel(other)
    },
  }
  return control
}
