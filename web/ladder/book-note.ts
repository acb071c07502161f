// The line above the ladder: the spread, or what the book is in a phase in which nothing trades. Pure.

import type { Indication, Phase } from '@papertape/protocol'
import { formatBasisPoints, formatPrice, formatSize } from '../format/format.ts'
import type { DepthState } from '../market/depth.ts'
import { PHASE_LABELS } from '../market/selectors.ts'

export interface NotedMarket {
  readonly phase: Phase
  /** The indicative result; undefined outside of a call phase. */
  readonly auction: Indication | undefined
  readonly book: Pick<DepthState, 'bids' | 'asks'>
  readonly decimals: number
}

export function bookNote({ phase, auction, book, decimals }: NotedMarket): string {
  switch (phase) {
    case 'continuous':
      return spreadNote(book, decimals)
    case 'limitState':
      return `Limit state: the best price is at the band. ${spreadNote(book, decimals)}`
    case 'halted':
    case 'closed':
      return `${PHASE_LABELS[phase]}: nothing trades, and no new orders are taken.`
    default:
      return `${PHASE_LABELS[phase]}: orders are collected, nothing trades. ${indicationNote(auction, decimals)}`
  }
}

function spreadNote({ bids, asks }: NotedMarket['book'], decimals: number): string {
  const bid = bids[0]?.price
  const ask = asks[0]?.price
  if (bid === undefined || ask === undefined) {
    return bid === ask ? 'No orders in the book' : `No ${bid === undefined ? 'bids' : 'offers'}`
  }
  const spread = ask - bid
  return `Spread ${formatPrice(spread, decimals)} (${formatBasisPoints((spread * 2) / (ask + bid))})`
}

function indicationNote(auction: Indication | undefined, decimals: number): string {
  if (auction?.price === null || auction === undefined) return 'No indicative price yet.'
  const { price, pairedSize, imbalanceSize, side } = auction
  const over = side === null ? '' : `, ${formatSize(imbalanceSize)} more to ${side}`
  return `Indicative ${formatPrice(price, decimals)} × ${formatSize(pairedSize)}${over}.`
}
