// Closes positions at the market, as they and the open orders are at that moment. Asked by the list of positions and by
// the hotkeys, which also say before what it will do: orders/closing.ts has the texts.

import type { Dashboard } from '../dashboard/dashboard.ts'
import { sendingProblem } from '../orders/arming.ts'
import { type Closing, closingOf, closingsText } from '../orders/closing.ts'

type Parts = Pick<Dashboard, 'desk' | 'store' | 'frozen' | 'connections'>

export interface ClosePlan {
  readonly closings: readonly Closing[]
  /** What it does, or why it does nothing. */
  readonly text: string
  /** Something of it can be sent. */
  readonly canSend: boolean
}

/** @param symbol of one position; absent: all of them. */
export function planToClose({ desk, store, frozen, connections }: Parts, symbol?: string): ClosePlan {
  const { positions, orders, accountId, problem } = desk.state.get()
  const nothing = (text: string): ClosePlan => ({ closings: [], text, canSend: false })
  const held = positions.filter(one => one.size !== 0 && (symbol === undefined || one.symbol === symbol))
  if (held.length === 0) return nothing(symbol === undefined ? 'You have no positions.' : `You hold no ${symbol}.`)
  const blocked = sendingProblem({
    isFrozen: frozen.get() !== null,
    channel: connections.orders.current.state,
    noAccount: accountId === null ? (problem ?? undefined) : undefined,
  })
  if (blocked !== undefined) return nothing(blocked)
  const closings = held.map(one => closingOf(one, orders, store.summary(one.symbol).get().phase))
  return { closings, text: closingsText(closings), canSend: closings.some(({ order }) => order !== undefined) }
}

export function closePositions({ desk }: Pick<Dashboard, 'desk'>, { closings }: ClosePlan): void {
  for (const { cancels } of closings) for (const one of cancels) desk.cancel(one)
  for (const { order, text } of closings) if (order !== undefined) desk.close(order, text)
}
