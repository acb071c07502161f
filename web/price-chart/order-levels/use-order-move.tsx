// Moving an order on the chart: the machine of order-levels.ts with the desk. Nothing is moved while it could not be
// sent; `note` says why, or why the exchange refused.

'use client'

import { type Dispatch, useEffect, useReducer, useRef } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { groupNumbers } from '../../format/format.ts'
import { CHANNEL_PROBLEMS, keyRefusal } from '../../orders/arming.ts'
import { onGrid } from '../../orders/checked-number.ts'
import { checkPriceChange } from '../../orders/order-edit.ts'
import { isPending } from '../../orders/submission.ts'
import { useObservable } from '../../reactive/use-observable.tsx'
import { useNote } from '../../ui/use-note.tsx'
import { next, type OrderLevel, type OrderMove, type OrderMoveEvent, STILL } from './order-levels.ts'

export interface OrderMoving {
  readonly move: OrderMove
  readonly note: string
  /** To a price, which is rounded to the tick. */
  moveTo(level: OrderLevel, price: number): void
  send(level: OrderLevel): void
  /** The same by a key, which has to be armed. */
  sendByKey(level: OrderLevel): void
  abort(): void
  cancel(level: OrderLevel): void
}

export function useOrderMove(levels: readonly OrderLevel[]): OrderMoving {
  const { desk, store, frozen, connections, settings } = useDashboard()
  const isFrozen = useObservable(frozen) !== null
  const channel = useObservable(connections.orders.facts).state
  const [move, dispatch] = useReducer(next, STILL)
  const [note, setNote] = useNote()
  const latestAtSend = useRef<string>(undefined)
  useAnswer(levels, move, latestAtSend, dispatch, setNote)

  /** Why nothing can be sent now; shown when somebody tries. */
  function isBlocked(): boolean {
    const reason = isFrozen ? 'The screen is frozen. Press F to change orders.' : CHANNEL_PROBLEMS[channel]
    setNote(reason ?? '')
    return reason !== undefined
  }

  const moving: OrderMoving = {
    move,
    note,
    moveTo({ key, order }, price) {
      const instrument = store.instrument(order.symbol)
      if (instrument === undefined || isBlocked()) return
      const { tickSize, priceDecimals } = instrument
      dispatch({ type: 'moved', key, price: Math.max(tickSize, onGrid(price, tickSize, priceDecimals)) })
    },
    send({ key, order, kind }) {
      const instrument = store.instrument(order.symbol)
      if (move.phase !== 'held' || move.key !== key || instrument === undefined) return
      const { change, problem } = checkPriceChange(
        order,
        kind === 'stop' ? 'stopPrice' : 'price',
        move.price,
        instrument,
      )
      if (isBlocked() || change === undefined || Object.keys(change).length === 0) {
        if (problem !== undefined) setNote(problem)
        dispatch({ type: 'aborted' })
        return
      }
      latestAtSend.current = desk.state.get().latest?.clientOrderId
      desk.replace(order, change)
      dispatch({ type: 'sent', replaces: order.clientOrderId })
    },
    sendByKey(level) {
      const refusal = keyRefusal('replace', settings.state.get().keysSend)
      if (refusal === undefined) moving.send(level)
      else setNote(refusal)
    },
    abort: () => dispatch({ type: 'aborted' }),
    cancel({ order }) {
      if (!isBlocked()) desk.cancel(order)
    },
  }
  return moving
}

/** Ends a move when its order is replaced or gone, or when the exchange has refused. */
function useAnswer(
  levels: readonly OrderLevel[],
  move: OrderMove,
  latestAtSend: { readonly current: string | undefined },
  dispatch: Dispatch<OrderMoveEvent>,
  setNote: (note: string) => void,
): void {
  const { desk } = useDashboard()
  const { latest } = useObservable(desk.state)
  useEffect(() => {
    if (move.phase === 'still') return
    const level = levels.find(({ key }) => key === move.key)
    if (level === undefined) dispatch({ type: move.phase === 'held' ? 'aborted' : 'answered' })
    if (move.phase !== 'sent') return
    if (level?.order.clientOrderId !== move.replaces) dispatch({ type: 'answered' })
    else if (latest !== null && latest.clientOrderId !== latestAtSend.current && !isPending(latest.state)) {
      dispatch({ type: 'answered' })
      if (latest.state === 'refused') setNote(groupNumbers(`${latest.description}: ${latest.text ?? 'refused'}`))
    }
  }, [levels, move, latest, latestAtSend, dispatch, setNote])
}
