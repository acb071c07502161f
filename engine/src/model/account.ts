// A paper account: its cash and positions. All money in whole ten-thousandths of the currency. A cash account can
// neither owe nor sell short: what its open orders may need is reserved, so that each fill can be paid for. A margin
// account can do both, within what its equity allows.

import {
  type AccountSnapshot,
  type BalanceState,
  type Order,
  type PositionState,
  type Side,
  type TestProfile,
  toCurrency,
} from '@papertape/protocol'
import { type AccountToken, AccountTokens } from '../access/account-tokens.ts'
import type { SessionGuard } from '../access/session-guard.ts'
import {
  initialRequirement,
  type MarginPosition,
  type MarginRules,
  maintenanceRequirement,
} from '../margin/requirements.ts'
import { assert } from '../primitives/assert.ts'
import { averagePrice } from '../primitives/average-price.ts'
import { NO_HASH, type TextHash } from '../primitives/text-hash.ts'
import { NEVER, type TradedInstrument } from './instrument.ts'
import type { Recorded } from './recorded.ts'

class AccountPosition implements MarginPosition {
  readonly instrument: TradedInstrument
  /** Negative: sold short, of a margin account only. */
  lots = 0
  /** What the lots held now have cost; negative: what those sold short have brought. */
  costUnits = 0
  realisedUnits = 0
  /** Lots that open sell orders offer. */
  offeredLots = 0
  /** What open buy orders may cost, of a margin account only. */
  bidUnits = 0
  /** As state/conservation.ts has counted them. */
  countedLots = 0

  constructor(instrument: TradedInstrument) {
    this.instrument = instrument
  }

  /** Lots leave at their average cost, rounded down to a ten-thousandth. Both are negative for a sale. */
  trade(lots: number, units: number): void {
    const leavesLots = Math.sign(lots) === -Math.sign(this.lots) ? Math.min(Math.abs(lots), Math.abs(this.lots)) : 0
    const leavesUnits = (units / lots) * leavesLots
    const costUnits = leavesLots === 0 ? 0 : share(Math.abs(this.costUnits), leavesLots, Math.abs(this.lots))
    const sign = Math.sign(lots)
    this.realisedUnits += sign * (costUnits - leavesUnits)
    this.costUnits += sign * (costUnits - leavesUnits) + units
    this.lots += lots
  }

  worthUnits(lots: number): number {
    return this.instrument.units(this.instrument.lastTicks, lots)
  }

  state(): PositionState {
    const { instrument, lots, costUnits } = this
    return {
      symbol: instrument.symbol,
      size: instrument.size(lots),
      avgCost: lots === 0 ? 0 : averagePrice(Math.abs(costUnits), instrument.size(Math.abs(lots))),
      realised: toCurrency(this.realisedUnits),
      unrealised: toCurrency(this.worthUnits(lots) - costUnits),
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

const WHOLE_BPS = 10_000
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
  /** Undefined for a cash account. */
  readonly margin: MarginRules | undefined
  /** Negative: it owes, as only a margin account can. */
  cashUnits: number
  /** For tests: its orders may have a testDirective, and are numbered apart. */
  isTesting = false
  /** Only of one that is for tests; and how many commands for orders it has sent since the profile was set. */
  testProfile: TestProfile | undefined
  testCommands = 0
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
  /** When it is liquidated, by the market's clock; NEVER without a margin call. */
  marginCallDue = NEVER
  /** When all of its orders are canceled (cancelAllAfter), wall clock in microseconds since 1970. */
  cancelAllUs: number | undefined
  /** Market time at which the `queue` events sent so far would have been due at the allowed rate. */
  queueEventsDue = 0
  hash: TextHash = NO_HASH
  isStored = false

  constructor(
    accountId: string,
    index: number,
    tokenHash: string,
    tokens: readonly AccountToken[],
    cashUnits: number,
    margin?: MarginRules,
  ) {
    this.accountId = accountId
    this.index = index
    this.tokenHash = tokenHash
    this.tokens = new AccountTokens(tokens)
    this.cashUnits = cashUnits
    this.margin = margin
  }

  /** What it may buy, or sell short, besides its open orders. */
  get buyingPowerUnits(): number {
    if (this.margin === undefined) return this.cashUnits - this.reservedUnits
    const freeUnits = this.equityUnits - initialRequirement(this.margin, this.positions.values())
    return freeUnits <= 0 ? 0 : share(freeUnits, WHOLE_BPS, this.margin.initialBps)
  }

  /** Its cash, and its positions at the last trade. */
  get equityUnits(): number {
    let units = this.cashUnits
    for (const position of this.positions.values()) units += position.worthUnits(position.lots)
    return units
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
    this.#reserve(order, order.leavesLots)
    this.#check()
  }

  /** Frees what was reserved for this many lots of the order. */
  release(order: Reserving, lots: number): void {
    this.#reserve(order, -lots)
  }

  /** Moves the money and shares of one fill, takes its fee and frees what was reserved for it. */
  settle(order: Reserving, lots: number, ticks: number, feeUnits: number): void {
    const units = order.instrument.units(ticks, lots)
    const position = this.position(order.instrument)
    this.release(order, lots)
    const sign = order.side === 'buy' ? 1 : -1
    position.trade(sign * lots, sign * units)
    this.cashUnits -= sign * units + feeUnits
    assert(position.lots >= 0 || this.margin !== undefined, 'a cash account sells what it holds')
    this.#check()
  }

  balance(): BalanceState {
    const balance = { cash: toCurrency(this.cashUnits), buyingPower: toCurrency(this.buyingPowerUnits) }
    if (this.margin === undefined) return balance
    const positions = [...this.positions.values()]
    return {
      ...balance,
      equity: toCurrency(this.equityUnits),
      initialMargin: toCurrency(initialRequirement(this.margin, positions)),
      maintenanceMargin: toCurrency(maintenanceRequirement(this.margin, positions)),
    }
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
      ...(this.marginCallDue === NEVER ? {} : { marginCallDue: this.marginCallDue }),
      ...(this.isTesting ? { testing: true } : {}),
      ...(this.testProfile === undefined ? {} : { testProfile: this.testProfile }),
    }
  }

  /** Positions that were ever filled, in the order of the instruments. */
  heldPositions(): AccountPosition[] {
    return [...this.positions.values()].sort((a, b) => a.instrument.index - b.instrument.index)
  }

  #reserve(order: Reserving, lots: number): void {
    if (order.side === 'sell') {
      this.position(order.instrument).offeredLots += lots
      return
    }
    const units = order.instrument.costAtMost(order.heldTicks, lots)
    this.reservedUnits += units
    if (this.margin !== undefined) this.position(order.instrument).bidUnits += units
  }

  #check(): void {
    assert(Number.isSafeInteger(this.cashUnits) && Number.isSafeInteger(this.reservedUnits), 'cash is counted exactly')
    if (this.margin !== undefined) return
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
