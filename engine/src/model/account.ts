// A paper account: its cash and positions. All money in whole ten-thousandths of the currency. An account can neither
// owe nor sell short: what its open orders may need is reserved, so that each fill can be paid for.

import {
  type AccountSnapshot,
  type BalanceState,
  type Order,
  type PositionState,
  type Side,
  toCurrency,
} from '@papertape/protocol'
import { type AccountToken, AccountTokens } from '../access/account-tokens.ts'
import type { SessionGuard } from '../access/session-guard.ts'
import { assert } from '../primitives/assert.ts'
import { averagePrice } from '../primitives/average-price.ts'
import { NO_HASH, type TextHash } from '../primitives/text-hash.ts'
import type { TradedInstrument } from './instrument.ts'
import type { Recorded } from './recorded.ts'

class AccountPosition {
  readonly instrument: TradedInstrument
  lots = 0
  /** What the lots held now have cost. */
  costUnits = 0
  realisedUnits = 0
  /** Lots that open sell orders offer. */
  offeredLots = 0
  /** As state/conservation.ts has counted them. */
  countedLots = 0

  constructor(instrument: TradedInstrument) {
    this.instrument = instrument
  }

  buy(lots: number, units: number): void {
    this.lots += lots
    this.costUnits += units
  }

  /** The lots leave at their average cost, rounded down to a ten-thousandth. */
  sell(lots: number, units: number): void {
    assert(lots <= this.lots, 'an account sells what it holds')
    const costUnits = share(this.costUnits, lots, this.lots)
    this.lots -= lots
    this.costUnits -= costUnits
    this.realisedUnits += units - costUnits
  }

  state(): PositionState {
    const { instrument, lots, costUnits } = this
    const worthUnits = instrument.units(instrument.lastTicks, lots)
    return {
      symbol: instrument.symbol,
      size: instrument.size(lots),
      avgCost: lots === 0 ? 0 : averagePrice(costUnits, instrument.size(lots)),
      realised: toCurrency(this.realisedUnits),
      unrealised: toCurrency(worthUnits - costUnits),
    }
  }
}

/** As its owner was answered. */
export interface AccountDeposit {
  readonly clientDepositId: string
  readonly amountUnits: number
  /** After it. */
  readonly cashUnits: number
  readonly seq: number
  readonly ts: number
}

/** How much unused allowance for `queue` events an account may save up. */
const QUEUE_ALLOWANCE_MS = 10_000

/** The parts of an order that decide how much is reserved for it. */
interface Reserving {
  readonly side: Side
  readonly instrument: TradedInstrument
  readonly leavesLots: number
  /** The price that each lot of a buy reserves, besides its fee. */
  readonly heldTicks: number
}

export class Account implements Recorded {
  readonly accountId: string
  readonly index: number
  /** Of the token that it was opened with. */
  readonly tokenHash: string
  readonly tokens: AccountTokens
  cashUnits: number
  /** What its open buy orders may cost, fees included. */
  reservedUnits = 0
  /** The number of the last event of its private stream. */
  streamSeq = 0
  /** Cash and buying power as last sent in its stream; -1: never sent. */
  readonly sent = { cashUnits: -1, buyingPowerUnits: -1 }
  /** As state/conservation.ts has counted it. */
  readonly counted = { cashUnits: 0 }
  /** By the instrument's index. */
  readonly positions = new Map<number, AccountPosition>()
  /** Which orders are canceled when a session is lost, by the session's id. */
  readonly guards = new Map<string, SessionGuard>()
  /** The newest ones, oldest first: see commands/deposit-commands.ts. */
  deposits: readonly AccountDeposit[] = []
  /** When all of its orders are canceled (cancelAllAfter), wall clock in microseconds since 1970. */
  cancelAllUs: number | undefined
  /** Market time at which the `queue` events sent so far would have been due at the allowed rate. */
  queueEventsDue = 0
  hash: TextHash = NO_HASH
  isStored = false

  constructor(accountId: string, index: number, tokenHash: string, tokens: readonly AccountToken[], cashUnits: number) {
    this.accountId = accountId
    this.index = index
    this.tokenHash = tokenHash
    this.tokens = new AccountTokens(tokens)
    this.cashUnits = cashUnits
  }

  get buyingPowerUnits(): number {
    return this.cashUnits - this.reservedUnits
  }

  /** When the first of its orders are canceled by themselves; Infinity when none are. */
  get cancelDueUs(): number {
    let dueUs = this.cancelAllUs ?? Number.POSITIVE_INFINITY
    for (const guard of this.guards.values()) dueUs = Math.min(dueUs, guard.dueUs ?? Number.POSITIVE_INFINITY)
    return dueUs
  }

  /** Whether the loss of a session or the passing of time may cancel its orders. */
  get isGuarded(): boolean {
    return this.guards.size > 0 || this.cancelAllUs !== undefined
  }

  /** Lots that it holds and that no open order offers. */
  freeLots(instrument: TradedInstrument): number {
    const position = this.positions.get(instrument.index)
    return position === undefined ? 0 : position.lots - position.offeredLots
  }

  position(instrument: TradedInstrument): AccountPosition {
    let position = this.positions.get(instrument.index)
    if (position === undefined) {
      position = new AccountPosition(instrument)
      this.positions.set(instrument.index, position)
    }
    return position
  }

  /** Reserves what the order's open lots may need. */
  hold(order: Reserving): void {
    if (order.side === 'sell') this.position(order.instrument).offeredLots += order.leavesLots
    else this.reservedUnits += order.instrument.costAtMost(order.heldTicks, order.leavesLots)
    this.#check()
  }

  /** Frees what was reserved for this many lots of the order. */
  release(order: Reserving, lots: number): void {
    if (order.side === 'sell') this.position(order.instrument).offeredLots -= lots
    else this.reservedUnits -= order.instrument.costAtMost(order.heldTicks, lots)
  }

  /** Moves the money and shares of one fill, takes its fee and frees what was reserved for it. */
  settle(order: Reserving, lots: number, ticks: number, feeUnits: number): void {
    const units = order.instrument.units(ticks, lots)
    const position = this.position(order.instrument)
    this.release(order, lots)
    if (order.side === 'buy') {
      position.buy(lots, units)
      this.cashUnits -= units
    } else {
      position.sell(lots, units)
      this.cashUnits += units
    }
    this.cashUnits -= feeUnits
    this.#check()
  }

  balance(): BalanceState {
    return { cash: toCurrency(this.cashUnits), buyingPower: toCurrency(this.buyingPowerUnits) }
  }

  /** Whether the balance has changed since it was last sent. */
  get hasNewBalance(): boolean {
    return this.sent.cashUnits !== this.cashUnits || this.sent.buyingPowerUnits !== this.buyingPowerUnits
  }

  /** The balance for the stream, recorded as sent. */
  sendBalance(): BalanceState {
    this.sent.cashUnits = this.cashUnits
    this.sent.buyingPowerUnits = this.buyingPowerUnits
    return this.balance()
  }

  /** Whether one more `queue` event may be sent; counts it if so. @param rate a second of market time, on average. */
  takeQueueAllowance(time: number, rate: number): boolean {
    const due = Math.max(this.queueEventsDue, time)
    if (due - time > QUEUE_ALLOWANCE_MS) return false
    this.queueEventsDue = due + 1_000 / rate
    return true
  }

  /** @param openOrders oldest first. */
  snapshot(openOrders: readonly Order[]): AccountSnapshot {
    return {
      accountId: this.accountId,
      seq: this.streamSeq,
      orders: [...openOrders].reverse(),
      positions: this.heldPositions().map(position => position.state()),
      balance: this.balance(),
    }
  }

  /** Positions that were ever filled, in the order of the instruments. */
  heldPositions(): AccountPosition[] {
    return [...this.positions.values()].sort((a, b) => a.instrument.index - b.instrument.index)
  }

  #check(): void {
    assert(Number.isSafeInteger(this.cashUnits) && Number.isSafeInteger(this.reservedUnits), 'cash is counted exactly')
    assert(this.reservedUnits >= 0 && this.cashUnits >= this.reservedUnits, 'an account can pay for its open orders')
  }
}

/** `whole x part / of`, rounded down; the product may be larger than a double can hold exactly. */
function share(whole: number, part: number, of: number): number {
  if (part === of) return whole
  return Number((BigInt(whole) * BigInt(part)) / BigInt(of))
}

/** The matching engine's `owner` of an account's orders: desks are 0 and up, accounts below. */
export function ownerOfAccount({ index }: Account): number {
  return -1 - index
}
