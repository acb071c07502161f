// The size that is a share of what an account has: of its buying power to buy, of what it holds to sell. Pure; for the
// ticket's buttons of 25, 50 and 100 %.

import type { Instrument } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import type { DepthLevel } from '../market/depth.ts'
import { checkTypedPrice } from './checked-number.ts'
import { type DraftContext, hasPrice, type OrderDraft } from './order-draft.ts'
import { isCallPhase } from './order-phases.ts'

export const SHARES = [25, 50, 100] as const

/** A size in whole lots, or why there is none. */
export type ShareOfAccount = { readonly size: number; readonly problem?: undefined } | { readonly problem: string }

/** How far a market order may trade unless the market was started with another collar: 5 %, at least 0.25. */
const COLLAR = { fraction: 0.05, least: 0.25 } as const

/** What is 30 must not become 29.999: doubles are exact to a few parts in 10^16. */
const ROUNDING = 1 + 1e-12

export function shareOfAccount(
  percent: number,
  draft: OrderDraft,
  instrument: Instrument,
  context: DraftContext,
): ShareOfAccount {
  const { lotSize } = instrument
  const wanted =
    draft.side === 'sell' ? shareHeld(percent, context) : shareAffordable(percent, draft, instrument, context)
  if (wanted.problem !== undefined) return wanted
  const size = Math.floor((wanted.size / lotSize) * ROUNDING) * lotSize
  return size > 0 ? { size } : { problem: `Not enough for the minimum of ${formatSize(lotSize)}.` }
}

function shareHeld(percent: number, { held, offered }: DraftContext): ShareOfAccount {
  if (held <= 0) return { problem: 'You hold none to sell.' }
  if (held <= offered) return { problem: 'Your open orders offer all that you hold.' }
  return { size: ((held - offered) * percent) / 100 }
}

function shareAffordable(
  percent: number,
  draft: OrderDraft,
  instrument: Instrument,
  context: DraftContext,
): ShareOfAccount {
  if (context.buyingPower === null) return { problem: 'Your buying power is not known yet.' }
  const budget = (context.buyingPower * percent) / 100
  if (draft.orderType === 'market') return affordableAtMarket(budget, draft, context)
  if (draft.orderType === 'trailingStop' || draft.orderClass === 'oco') {
    const held = context.termChecks?.heldPrice(draft, instrument, context.last)
    const first = draft.orderClass === 'oco' ? 'stop-loss' : 'trail'
    return held === undefined ? { problem: `Enter the ${first} first.` } : { size: budget / held }
  }
  const stops = !hasPrice(draft.orderType)
  const typed = checkTypedPrice(stops ? draft.stopPrice : draft.price, instrument)
  if (typed.problem !== undefined) return { problem: `Enter the ${stops ? 'stop' : 'price'} first.` }
  return { size: budget / (stops ? collarPrice(typed.value) : typed.value) }
}

/** Beyond its stop a triggered order trades as far as a market order: the exchange holds that much back. */
export function collarPrice(price: number): number {
  return price + Math.max(price * COLLAR.fraction, COLLAR.least)
}

function affordableAtMarket(
  budget: number,
  { timeInForce }: OrderDraft,
  { phase, asks }: DraftContext,
): ShareOfAccount {
  if (isCallPhase(phase) || timeInForce === 'OPG' || timeInForce === 'CLS') {
    return { problem: 'In an auction a market order may cost any price. Enter the size, or use a limit order.' }
  }
  const best = asks[0]?.price
  if (best === undefined) return { problem: 'Nobody offers any now.' }
  const collar = collarPrice(best)
  return {
    size: sizeFor(
      budget,
      asks.filter(({ price }) => price <= collar),
    ),
  }
}

/** How much a budget buys from these levels, best first. */
function sizeFor(budget: number, levels: readonly DepthLevel[]): number {
  let left = budget
  let size = 0
  for (const level of levels) {
    const taken = Math.min(level.size, left / level.price)
    size += taken
    left -= taken * level.price
    if (taken < level.size) break
  }
  return size
}
