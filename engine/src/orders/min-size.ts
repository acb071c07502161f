// The minimum size of an order (FIX 110): it trades at least this much on entry, in one or several trades, or is
// refused; what is left of it is then an order like any other. Pure checks, called by risk.ts.

import type { PlaceOrder, Reject } from '@papertape/protocol'
import { SELF_TRADE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import { type Account, ownerOfAccount } from '../model/account.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { isAuctionOnly } from './order-checks.ts'
import { reject } from './rejects.ts'

export function checkMinSize(instrument: TradedInstrument, order: PlaceOrder): Reject | undefined {
  const { size, minSize, orderType, timeInForce, postOnly } = order
  if (minSize === undefined) return undefined
  const isTaker = (orderType === 'limit' || orderType === 'market') && !isAuctionOnly(timeInForce) && !postOnly
  if (!isTaker || timeInForce === 'FOK') return reject.minSizeNotAllowed()
  const { lotSize } = instrument.spec
  if (minSize < lotSize || !Number.isInteger(minSize / lotSize)) return reject.badMinSize(instrument, size, minSize)
  if (minSize > size) return reject.badMinSize(instrument, size, minSize, size)
  return isMatching(instrument.phase) ? undefined : reject.minSizeInCall(instrument)
}

/** Whether the book has as much as the order must trade. @param limitTicks how far it trades. */
export function checkMinFill(
  { books }: ExchangeState,
  account: Account,
  { side, minSize, selfTradePrevention = 'none' }: PlaceOrder,
  instrument: TradedInstrument,
  limitTicks: number,
): Reject | undefined {
  if (minSize === undefined) return undefined
  const minLots = minSize / instrument.spec.lotSize
  const [owner, selfTrade] = [ownerOfAccount(account), SELF_TRADE[selfTradePrevention]]
  const lots = books.fillableLots(instrument.index, sideCode(side), minLots, limitTicks, owner, selfTrade)
  return lots < minLots ? reject.belowMinSize(minSize, instrument.size(lots)) : undefined
}
