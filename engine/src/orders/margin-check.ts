// Checks whether a margin account may place or replace an order: its equity must cover the initial requirement with it.
// An order that adds nothing to the requirement, such as one that closes a position, is always let through. Pure.

import { type Reject, type Side, toCurrency } from '@papertape/protocol'
import { initialRequirement, type MarginPosition } from '../margin/requirements.ts'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { assert } from '../primitives/assert.ts'
import { reject } from './rejects.ts'

interface AddedOrder {
  readonly instrument: TradedInstrument
  readonly side: Side
  readonly sizeLots: number
  /** What a buy may cost. */
  readonly costUnits: number
}

/** @param replaced its reservation counts as free. */
export function checkMargin(account: Account, added: AddedOrder, replaced?: AccountOrder): Reject | undefined {
  const { instrument, sizeLots } = added
  const margin = account.margin
  assert(margin !== undefined, 'a cash account has no margin')
  const positions = new Map<number, MarginPosition>(account.positions)
  const beforeUnits = initialRequirement(margin, positions.values())
  positions.set(instrument.index, withOrder(account, added, replaced))
  const afterUnits = initialRequirement(margin, positions.values())
  const { equityUnits } = account
  if (afterUnits <= Math.max(equityUnits, beforeUnits)) return undefined
  const [required, equity, buyingPower] = [afterUnits, equityUnits, account.buyingPowerUnits].map(toCurrency)
  return reject.insufficientMargin(instrument, instrument.size(sizeLots), required!, equity!, buyingPower!)
}

/** The position with the order among its open ones. */
function withOrder(account: Account, { instrument, side, sizeLots, costUnits }: AddedOrder, replaced?: AccountOrder) {
  const { lots = 0, offeredLots = 0, bidUnits = 0 } = account.positions.get(instrument.index) ?? {}
  const before = { lots: replaced?.leavesLots ?? 0, units: 0 }
  if (replaced !== undefined) before.units = instrument.costAtMost(replaced.heldTicks, replaced.leavesLots)
  return {
    lots,
    offeredLots: side === 'sell' ? offeredLots + sizeLots - before.lots : offeredLots,
    bidUnits: side === 'buy' ? bidUnits + costUnits - before.units : bidUnits,
    worthUnits: (lots: number) => instrument.units(instrument.lastTicks, lots),
  }
}
