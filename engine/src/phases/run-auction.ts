// Call auctions: publishes the indicative price while orders are collected, and runs the auction. auction-price.ts
// finds the price; apply-transition.ts decides when there is an auction.

import type { Indication } from '@papertape/protocol'
import { NEVER, type TradedInstrument } from '../model/instrument.ts'
import { settleAuction } from '../orders/settlement.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

const NOTHING: Indication = { price: null, pairedSize: 0, imbalanceSize: 0, side: null }

/** Trades at one price what crosses. @returns the price in ticks, 0 when nothing crossed. */
export function runAuction(state: ExchangeState, instrument: TradedInstrument): number {
  const { index } = instrument
  const { priceTicks, imbalanceLots } = state.books.callAuction(index, referenceOf(instrument))
  if (priceTicks === 0) return 0
  // A trade event needs an aggressor, also where neither side has a surplus.
  const aggressor = imbalanceLots < 0 ? 'sell' : 'buy'
  const lots = state.bookChanges.uncross(index, priceTicks)
  settleAuction(state, instrument, priceTicks, lots, aggressor)
  return priceTicks
}

/** Of equally good auction prices the one nearest to this is taken. */
export function referenceOf({ reopening, lastTicks }: TradedInstrument): number {
  return reopening?.referenceTicks ?? lastTicks
}

/** Publishes the auction as it would be now, if that has changed, at the rate that the rules allow. */
export function publishIndication(state: ExchangeState, instrument: TradedInstrument, time: number): void {
  const earliest = instrument.indicatedTime + state.rules.indicationMs
  if (time < earliest) {
    instrument.indicationDue = earliest
    state.dueAt(earliest)
    return
  }
  instrument.indicationDue = NEVER
  const auction = indicationOf(state, instrument)
  if (isSame(auction, instrument.indication ?? NOTHING)) return
  instrument.indication = auction
  instrument.indicatedTime = time
  const { symbol, phase, reason, until } = instrument
  state.log.status({ symbol, phase, reason, until, auction })
}

/** When a call phase begins or ends. */
export function clearIndication(instrument: TradedInstrument): void {
  instrument.indication = undefined
  instrument.indicatedTime = 0
  instrument.indicationDue = NEVER
}

function indicationOf({ books }: ExchangeState, instrument: TradedInstrument): Indication {
  const { priceTicks, pairedLots, imbalanceLots } = books.callAuction(instrument.index, referenceOf(instrument))
  return {
    price: priceTicks === 0 ? null : instrument.price(priceTicks),
    pairedSize: instrument.size(pairedLots),
    imbalanceSize: instrument.size(Math.abs(imbalanceLots)),
    side: imbalanceLots === 0 ? null : imbalanceLots > 0 ? 'buy' : 'sell',
  }
}

function isSame(a: Indication, b: Indication): boolean {
  return (
    a.price === b.price && a.pairedSize === b.pairedSize && a.imbalanceSize === b.imbalanceSize && a.side === b.side
  )
}
