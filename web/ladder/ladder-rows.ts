// The rows of the ladder: fixed prices from high to low, and what the book, the own orders and the trades have at each.
// Pure; drawn by Ladder.tsx. Bids are rounded down to a row, offers up, and trades like the orders that they took.

import type { Order, Side } from '@papertape/protocol'
import type { DepthLevel } from '../market/depth.ts'
import { groupOf, type PriceGrid, priceOf } from '../market/price-groups.ts'
import type { TradedVolume } from '../market/volume-at-price.ts'
import type { LadderColumn } from './ladder-keys.ts'

export interface LadderRow {
  /** The price as a whole number of groups of ticks: what identifies the row. */
  readonly group: number
  readonly price: number
  readonly bid: number
  readonly ask: number
  /** Bid at this price and above, offered at it and below. */
  readonly bidTotal: number
  readonly askTotal: number
  /** Open size of the own orders. */
  readonly ownBuy: number
  readonly ownSell: number
  readonly traded: number
  /** The last trade was at this price. */
  readonly isLast: boolean
  /** The auction would be at this price, or between it and the next one. */
  readonly isIndicative: boolean
  readonly place: 'bestBid' | 'bestAsk' | 'bestBoth' | 'spread' | 'other'
}

export interface LadderSources {
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
  /** The own orders of the instrument that are in the book. */
  readonly own: readonly Order[]
  readonly volume: Pick<TradedVolume, 'byPrice' | 'last'>
  /** The indicative price of an auction; null if there is none. */
  readonly indicative: number | null
}

export interface LadderRange {
  readonly grid: PriceGrid
  readonly top: number
  readonly count: number
}

export function ladderRows(sources: LadderSources, { grid, top, count }: LadderRange): LadderRow[] {
  const { bids, asks, own, volume, indicative } = sources
  const bidSizes = sizesByGroup(bids, 'buy', grid)
  const askSizes = sizesByGroup(asks, 'sell', grid)
  const ownSizes = (side: Side) =>
    sizesByGroup(
      own.flatMap(order => (order.side === side ? [{ price: order.price!, size: order.leavesSize }] : [])),
      side,
      grid,
    )
  const ownBuys = ownSizes('buy')
  const ownSells = ownSizes('sell')
  const traded = tradedByGroup(volume, grid)
  const last = volume.last && groupOf(opposite(volume.last.aggressor), volume.last.price, grid)
  const auction = indicative === null ? undefined : groupOf('buy', indicative, grid)
  const best = { bid: bidSizes.keys().next().value, ask: askSizes.keys().next().value }
  return Array.from({ length: Math.max(0, Math.min(count, top)) }, (_, at) => {
    const group = top - at
    return {
      group,
      price: priceOf(group, grid),
      bid: bidSizes.get(group) ?? 0,
      ask: askSizes.get(group) ?? 0,
      bidTotal: sumOf(bidSizes, one => one >= group),
      askTotal: sumOf(askSizes, one => one <= group),
      ownBuy: ownBuys.get(group) ?? 0,
      ownSell: ownSells.get(group) ?? 0,
      traded: traded.get(group) ?? 0,
      isLast: group === last,
      isIndicative: group === auction,
      place: placeOf(group, best, count),
    }
  })
}

/** The own orders that the book of an instrument may hold: not a stop before it is triggered, nor a held leg. */
export function ownInBook(orders: readonly Order[], symbol: string): Order[] {
  return orders.filter(
    ({ symbol: of, price, stopPrice, triggered, held }) =>
      of === symbol && price !== null && !held && (stopPrice === undefined || triggered === true),
  )
}

/** Those of them in one row. */
export function ownInRow(own: readonly Order[], side: Side, group: number, grid: PriceGrid): Order[] {
  return own.filter(order => order.side === side && groupOf(side, order.price!, grid) === group)
}

/** The side of the own orders that a cell stands for: in the column of the price, the side that has some. */
export function ownSideAt(rows: readonly LadderRow[], group: number, column: LadderColumn): Side | undefined {
  const row = rows.find(one => one.group === group)
  if (row === undefined) return undefined
  if (column !== 'ask' && row.ownBuy > 0) return 'buy'
  return column !== 'bid' && row.ownSell > 0 ? 'sell' : undefined
}

function sizesByGroup(
  levels: readonly { readonly price: number; readonly size: number }[],
  side: Side,
  grid: PriceGrid,
): Map<number, number> {
  const sizes = new Map<number, number>()
  for (const { price, size } of levels) {
    const group = groupOf(side, price, grid)
    sizes.set(group, (sizes.get(group) ?? 0) + size)
  }
  return sizes
}

function tradedByGroup({ byPrice }: Pick<TradedVolume, 'byPrice'>, grid: PriceGrid): Map<number, number> {
  const sizes = new Map<number, number>()
  const add = (side: Side, price: number, size: number) => {
    const group = groupOf(side, price, grid)
    sizes.set(group, (sizes.get(group) ?? 0) + size)
  }
  for (const [price, { bought, sold }] of byPrice) {
    add('sell', price, bought)
    add('buy', price, sold)
  }
  return sizes
}

function sumOf(sizes: ReadonlyMap<number, number>, isIn: (group: number) => boolean): number {
  let sum = 0
  for (const [group, size] of sizes) if (isIn(group)) sum += size
  return sum
}

function placeOf(
  group: number,
  { bid, ask }: { readonly bid: number | undefined; readonly ask: number | undefined },
  count: number,
): LadderRow['place'] {
  if (group === bid) return group === ask ? 'bestBoth' : 'bestBid'
  if (group === ask) return 'bestAsk'
  if (bid === undefined || ask === undefined || group < bid || group > ask) return 'other'
  // A spread that fills the rows, as in a halt, is not marked in each of them.
  return ask - bid <= count ? 'spread' : 'other'
}

function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy'
}
