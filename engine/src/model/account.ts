// A paper account: its cash, what it holds, and its orders. All money in whole ten-thousandths of the currency. An account
// can neither owe nor sell short: what its open orders may need is held back, so that a fill can always be paid.

import { type AccountSnapshot, type BalanceState, type PositionState, toCurrency } from '@papertape/protocol'
import { assert } from '../primitives/assert.ts'
import { averagePrice } from '../primitives/average-price.ts'
import { NO_HASH, type TextHash } from '../primitives/text-hash.ts'
import type { AccountOrder } from './account-order.ts'
import type { Listing } from './instrument.ts'
import type { Recorded } from './state-changes.ts'

export class Position {
  readonly listing: Listing
  lots = 0
  /** What the lots cost that are held now. */
  costUnits = 0
  realisedUnits = 0
  /** Lots that open sell orders offer. */
  offeredLots = 0

  constructor(listing: Listing) {
    this.listing = listing
  }

  buy(lots: number, units: number): void {
    this.lots += lots
    this.costUnits += units
  }

  /** The lots leave at their average cost; the ten-thousandths that do not divide stay with the rest. */
  sell(lots: number, units: number): void {
    assert(lots <= this.lots, 'an account sells what it holds')
    const costUnits = share(this.costUnits, lots, this.lots)
    this.lots -= lots
    this.costUnits -= costUnits
    this.realisedUnits += units - costUnits
  }

  state(): PositionState {
    const { listing, lots, costUnits } = this
    const worthUnits = listing.units(listing.lastTicks, lots)
    return {
      symbol: listing.symbol,
      size: listing.size(lots),
      avgCost: lots === 0 ? 0 : averagePrice(costUnits, listing.size(lots)),
      realised: toCurrency(this.realisedUnits),
      unrealised: toCurrency(worthUnits - costUnits),
    }
  }
}

/** An account that was told no places for so long may be told those of this time at once. */
const PLACES_SAVED_MS = 10_000

export class Account implements Recorded {
  readonly accountId: string
  readonly index: number
  readonly tokenHash: string
  cashUnits: number
  /** What open buy orders may cost. */
  reservedUnits = 0
  /** The number of the last event of its private stream. */
  streamSeq = 0
  /** Cash and buying power as its stream last told them; -1: not yet. */
  readonly told = { cashUnits: -1, buyingPowerUnits: -1 }
  /** By the listing's index. */
  readonly positions = new Map<number, Position>()
  /** Orders that rest or wait, oldest first, by the exchange's id. */
  readonly openOrders = new Map<string, AccountOrder>()
  /** What the loss of a session cancels, by its id. */
  readonly guards = new Map<string, 'connection' | 'account'>()
  /** Market time at which the `queue` events that it was sent would have been due one by one. */
  placesTime = 0
  hash: TextHash = NO_HASH
  isStored = false

  constructor(accountId: string, index: number, tokenHash: string, cashUnits: number) {
    this.accountId = accountId
    this.index = index
    this.tokenHash = tokenHash
    this.cashUnits = cashUnits
  }

  get buyingPowerUnits(): number {
    return this.cashUnits - this.reservedUnits
  }

  /** Lots that it holds and does not offer yet. */
  freeLots(listing: Listing): number {
    const position = this.positions.get(listing.index)
    return position === undefined ? 0 : position.lots - position.offeredLots
  }

  position(listing: Listing): Position {
    let position = this.positions.get(listing.index)
    if (position === undefined) {
      position = new Position(listing)
      this.positions.set(listing.index, position)
    }
    return position
  }

  /** Holds back what the order's open lots may need. */
  hold(order: AccountOrder): void {
    if (order.side === 'sell') this.position(order.listing).offeredLots += order.leavesLots
    else this.reservedUnits += order.listing.units(order.heldTicks, order.leavesLots)
    this.#check()
  }

  /** Frees what so many lots of the order held back. */
  release(order: AccountOrder, lots: number): void {
    if (order.side === 'sell') this.position(order.listing).offeredLots -= lots
    else this.reservedUnits -= order.listing.units(order.heldTicks, lots)
  }

  /** Money and shares of one fill of its order, whatever was held back for it included. */
  settle(order: AccountOrder, lots: number, ticks: number): void {
    const units = order.listing.units(ticks, lots)
    const position = this.position(order.listing)
    this.release(order, lots)
    if (order.side === 'buy') {
      position.buy(lots, units)
      this.cashUnits -= units
    } else {
      position.sell(lots, units)
      this.cashUnits += units
    }
    this.#check()
  }

  balance(): BalanceState {
    return { cash: toCurrency(this.cashUnits), buyingPower: toCurrency(this.buyingPowerUnits) }
  }

  balanceIsNew(): boolean {
    return this.told.cashUnits !== this.cashUnits || this.told.buyingPowerUnits !== this.buyingPowerUnits
  }

  /** The balance, for the stream: it need not be told again until it changes. */
  tellBalance(): BalanceState {
    this.told.cashUnits = this.cashUnits
    this.told.buyingPowerUnits = this.buyingPowerUnits
    return this.balance()
  }

  /** Counts it when it may. @param rate in a second of the market's clock, in the long run. */
  mayHearPlace(time: number, rate: number): boolean {
    const due = Math.max(this.placesTime, time)
    if (due - time > PLACES_SAVED_MS) return false
    this.placesTime = due + 1_000 / rate
    return true
  }

  snapshot(): AccountSnapshot {
    return {
      accountId: this.accountId,
      seq: this.streamSeq,
      orders: [...this.openOrders.values()].map(order => order.state()).reverse(),
      positions: this.heldPositions().map(position => position.state()),
      balance: this.balance(),
    }
  }

  /** Positions that were ever filled, in the order of the listings. */
  heldPositions(): Position[] {
    return [...this.positions.values()].sort((a, b) => a.listing.index - b.listing.index)
  }

  #check(): void {
    assert(Number.isSafeInteger(this.cashUnits) && Number.isSafeInteger(this.reservedUnits), 'cash is counted exactly')
    assert(this.reservedUnits >= 0 && this.cashUnits >= this.reservedUnits, 'an account can pay for its open orders')
  }
}

/** `whole x part / of`, rounded down, where the product may pass what a double holds. */
function share(whole: number, part: number, of: number): number {
  if (part === of) return whole
  return Number((BigInt(whole) * BigInt(part)) / BigInt(of))
}
