// Everything that an exchange holds, in one object that the commands work on. No rules here. Of orders it holds the
// open ones; ended orders are in the private events and in the archive made from those.

import { type InstrumentSpec, SCRIPTED_IDS_FROM } from '@papertape/protocol'
import type { AccountToken } from '../access/account-tokens.ts'
import { AlertWatch } from '../alerts/alert-watch.ts'
import { BookChanges } from '../market-data/book-changes.ts'
import { Depth } from '../market-data/depth.ts'
import type { OrderFlowListener } from '../market-data/order-flow.ts'
import { PrivateLog } from '../market-data/private-log.ts'
import { PublicLog } from '../market-data/public-log.ts'
import { QueuePositions } from '../market-data/queue-positions.ts'
import { createMatchingEngine } from '../matching/matching-engine.ts'
import type { OrderBooks } from '../matching/order-books.ts'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { DeskOrders } from '../model/desk-orders.ts'
import { NEVER, TradedInstrument } from '../model/instrument.ts'
import { OpenOrders } from '../model/open-orders.ts'
import type { Rules } from '../model/rules.ts'
import type { StateChanges } from '../model/state-changes.ts'
import { type ScheduledEvent, scheduledAfter } from '../model/trading-day.ts'
import { OffBookOrders } from '../off-book/off-book-orders.ts'
import { assert } from '../primitives/assert.ts'
import { Conservation } from './conservation.ts'

const ENGINE_ID_MAX = 2 ** 31 - 1
const ORDERS_MAX = 1 << 14

/** The last number given of each kind, and the fees that the venue has; what is optional is absent while it is none. */
interface Counters {
  tradeId: number
  orderId: number
  engineId: number
  turn: number
  feeUnits?: number
  testOrderId?: number
  scriptedTradeId?: number
}

export interface OwnedToken {
  readonly account: Account
  readonly token: AccountToken
}

export class ExchangeState {
  readonly rules: Rules
  readonly instruments: readonly TradedInstrument[]
  /** For questions; `bookChanges` changes them. */
  readonly books: OrderBooks
  readonly bookChanges: BookChanges
  readonly log: PublicLog
  readonly privateLog: PrivateLog
  readonly changes: StateChanges
  readonly depth: Depth
  readonly queues: QueuePositions
  readonly deskOrders = new DeskOrders()
  readonly openOrders: OpenOrders
  readonly offBook = new OffBookOrders()
  readonly alerts: AlertWatch
  readonly conservation: Conservation
  /** In the order of their opening. */
  readonly accounts: Account[] = []
  /** In the order of their opening. */
  readonly marginAccounts = new Set<Account>()
  /** Those whose orders the loss of a session or the passing of time may cancel. */
  readonly guardedAccounts = new Set<Account>()
  /** The next event of the schedule. */
  scheduled: ScheduledEvent | undefined
  /** No timer is due before it. */
  nextDue = NEVER
  /** Entries of lists whose legs start at the end of the command. */
  readonly startingLists: AccountOrder[] = []
  readonly counters: Counters = { tradeId: 0, orderId: 0, engineId: 0, turn: 0 }
  readonly #bySymbol: ReadonlyMap<string, TradedInstrument>
  readonly #byAccountId = new Map<string, Account>()
  readonly #byTokenHash = new Map<string, OwnedToken>()
  /** Undefined: not known since a change. */
  #cancelDueUs: number | undefined

  constructor(
    specs: readonly InstrumentSpec[],
    rules: Rules,
    muted: boolean,
    flow: OrderFlowListener | undefined,
    changes: StateChanges,
  ) {
    this.rules = rules
    this.log = new PublicLog(muted)
    this.changes = changes
    this.privateLog = new PrivateLog(changes)
    this.instruments = specs.map((spec, index) => new TradedInstrument(index, spec, rules))
    this.#bySymbol = new Map(this.instruments.map(instrument => [instrument.symbol, instrument]))
    assert(this.#bySymbol.size === specs.length, 'an instrument is listed once')
    const engine = createMatchingEngine({ symbols: specs, ordersMax: ORDERS_MAX })
    this.books = engine
    this.openOrders = new OpenOrders(specs.length)
    this.alerts = new AlertWatch(this.log, specs.length)
    this.conservation = new Conservation(this.instruments)
    this.depth = new Depth(engine, this.log, this.instruments)
    this.queues = new QueuePositions(engine, rules)
    const { depth, queues, deskOrders } = this
    this.bookChanges = new BookChanges(engine, this.openOrders, { depth, queues, deskOrders, flow })
    // The first command finds out which phase the schedule is in.
    if (rules.schedule !== null) this.nextDue = 0
  }

  instrument(symbol: string): TradedInstrument | undefined {
    return this.#bySymbol.get(symbol)
  }

  /** Finds the first event of the schedule after a time. */
  scheduleAfter(time: number): void {
    this.scheduled = scheduledAfter(this.rules, time)
    if (this.scheduled !== undefined) this.dueAt(this.scheduled.time)
  }

  /** A timer was set for this time. */
  dueAt(time: number): void {
    if (time < this.nextDue) this.nextDue = time
  }

  /** The account's guards or its cancelAllAfter have changed. */
  guardChanged(account: Account): void {
    if (account.isGuarded) this.guardedAccounts.add(account)
    else this.guardedAccounts.delete(account)
    this.#cancelDueUs = undefined
  }

  /** When the first orders are canceled by time, wall clock in microseconds since 1970; Infinity when none are. */
  get cancelDueUs(): number {
    if (this.#cancelDueUs === undefined) {
      this.#cancelDueUs = Number.POSITIVE_INFINITY
      for (const account of this.guardedAccounts) this.#cancelDueUs = Math.min(this.#cancelDueUs, account.cancelDueUs)
    }
    return this.#cancelDueUs
  }

  addAccount(account: Account): void {
    this.accounts.push(account)
    this.#byAccountId.set(account.accountId, account)
    if (account.margin !== undefined) this.marginAccounts.add(account)
    for (const token of account.tokens.all()) this.addToken(account, token)
  }

  findAccount(accountId: string): Account | undefined {
    return this.#byAccountId.get(accountId)
  }

  /** For commands, whose sender has made sure that the account exists. */
  account(accountId: string): Account {
    const account = this.#byAccountId.get(accountId)
    assert(account !== undefined, 'an account is opened before it trades')
    return account
  }

  /** By a hash of full length: how long a comparison with it takes says nothing of a token. */
  findToken(tokenHash: string): OwnedToken | undefined {
    return this.#byTokenHash.get(tokenHash)
  }

  addToken(account: Account, token: AccountToken): void {
    account.tokens.add(token)
    this.#byTokenHash.set(token.hash, { account, token })
  }

  removeToken(account: Account, { tokenId, hash }: AccountToken): void {
    account.tokens.delete(tokenId)
    this.#byTokenHash.delete(hash)
  }

  /** The venue gets the fee of a fill. */
  takeFee(units: number): void {
    if (units === 0) return
    this.counters.feeUnits = (this.counters.feeUnits ?? 0) + units
    this.conservation.paidIn(-units)
  }

  nextOrderId({ isTesting }: Account): string {
    const { counters } = this
    if (!isTesting) return String(++counters.orderId)
    counters.testOrderId = (counters.testOrderId ?? SCRIPTED_IDS_FROM) + 1
    return String(counters.testOrderId)
  }

  /** Of a trade that is in no book. */
  nextScriptedTradeId(): number {
    const { counters } = this
    counters.scriptedTradeId = (counters.scriptedTradeId ?? SCRIPTED_IDS_FROM) + 1
    return counters.scriptedTradeId
  }

  /** A positive int32 that no resting order has. */
  nextEngineId(): number {
    let id = this.counters.engineId
    do id = id === ENGINE_ID_MAX ? 1 : id + 1
    while (this.books.has(id))
    this.counters.engineId = id
    return id
  }
}
