// The trading floor: everything that the exchange holds, in one place, for the commands to work on. No rules here.
// Of orders it holds the open ones: what ended is in the private events, and in the archive that is kept from them.

import type { InstrumentSpec } from '@papertape/protocol'
import { Depth } from '../market-data/depth.ts'
import type { OrderFlowListener } from '../market-data/order-flow.ts'
import { PrivateLog } from '../market-data/private-log.ts'
import { PublicLog } from '../market-data/public-log.ts'
import { QueuePositions } from '../market-data/queue-positions.ts'
import { createMatchingEngine, type MatchingEngine } from '../matching/matching-engine.ts'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { DeskOrders } from '../model/desk-orders.ts'
import { Listing, NEVER } from '../model/instrument.ts'
import type { Rules } from '../model/rules.ts'
import type { StateChanges } from '../model/state-changes.ts'
import { type ScheduledEvent, scheduledAfter } from '../model/trading-day.ts'
import { assert } from '../primitives/assert.ts'

const ENGINE_ID_MAX = 2 ** 31 - 1
const ORDERS_MAX = 1 << 14

export class Floor {
  readonly rules: Rules
  readonly listings: readonly Listing[]
  readonly engine: MatchingEngine
  readonly log: PublicLog
  readonly flow: OrderFlowListener | undefined
  readonly changes: StateChanges
  readonly privateLog: PrivateLog
  readonly depth: Depth
  readonly deskOrders = new DeskOrders()
  /** In the order of their opening. */
  readonly accounts: Account[] = []
  /** Those with a session that guards orders. */
  readonly guardedAccounts = new Set<Account>()
  /** The accounts' orders in the books, by the core's id. */
  readonly accountOrders = new Map<number, AccountOrder>()
  readonly queues: QueuePositions
  /** What the schedule does next. */
  scheduled: ScheduledEvent | undefined
  /** No timer is due before it. */
  nextDue = NEVER
  /** The last one given of each. */
  readonly counters = { tradeId: 0, orderId: 0, engineId: 0, turn: 0 }
  readonly #bySymbol: ReadonlyMap<string, Listing>
  readonly #byAccountId = new Map<string, Account>()
  readonly #byTokenHash = new Map<string, Account>()

  constructor(
    instruments: readonly InstrumentSpec[],
    rules: Rules,
    muted: boolean,
    flow: OrderFlowListener | undefined,
    changes: StateChanges,
  ) {
    this.rules = rules
    this.log = new PublicLog(muted)
    this.flow = flow
    this.changes = changes
    this.privateLog = new PrivateLog(changes)
    this.listings = instruments.map((spec, index) => new Listing(index, spec, rules))
    this.#bySymbol = new Map(this.listings.map(listing => [listing.symbol, listing]))
    assert(this.#bySymbol.size === instruments.length, 'an instrument is listed once')
    this.engine = createMatchingEngine({ symbols: instruments, ordersMax: ORDERS_MAX })
    this.depth = new Depth(this.engine, this.log, this.listings)
    this.queues = new QueuePositions(this.engine, rules)
    // The first command of all finds out which phase the schedule is in.
    if (rules.schedule !== null) this.nextDue = 0
  }

  listing(symbol: string): Listing | undefined {
    return this.#bySymbol.get(symbol)
  }

  /** Finds what the schedule does after a time. */
  lookAhead(time: number): void {
    this.scheduled = scheduledAfter(this.rules, time)
    if (this.scheduled !== undefined) this.dueAt(this.scheduled.time)
  }

  /** A timer was set: the clock is not to pass it unseen. */
  dueAt(time: number): void {
    if (time < this.nextDue) this.nextDue = time
  }

  addAccount(account: Account): void {
    this.accounts.push(account)
    this.#byAccountId.set(account.accountId, account)
    this.#byTokenHash.set(account.tokenHash, account)
  }

  findAccount(accountId: string): Account | undefined {
    return this.#byAccountId.get(accountId)
  }

  /** For commands: whoever sends one for an account has looked it up before. */
  account(accountId: string): Account {
    const account = this.#byAccountId.get(accountId)
    assert(account !== undefined, 'an account is opened before it trades')
    return account
  }

  findAccountByToken(tokenHash: string): Account | undefined {
    return this.#byTokenHash.get(tokenHash)
  }

  nextOrderId(): string {
    return String(++this.counters.orderId)
  }

  /** A positive int32 that no resting order has. */
  nextEngineId(): number {
    let id = this.counters.engineId
    do id = id === ENGINE_ID_MAX ? 1 : id + 1
    while (this.engine.has(id))
    this.counters.engineId = id
    return id
  }
}

/** The core's `owner` of an order: desks are 0 and up, accounts below. */
export function ownerOfAccount(account: Account): number {
  return -1 - account.index
}
