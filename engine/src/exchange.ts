// The exchange: applies one command at a time and returns its answer and events. Deterministic: the same commands with
// the same stamps give the same events, byte for byte. It stamps and dispatches; the rules are in the files that it
// calls. It does not keep answered ids and ended orders: see model/order-archive.ts.

import type {
  AccountSnapshot,
  AlertState,
  Bands,
  Command,
  CommandAnswer,
  FeedEvent,
  Indication,
  InstrumentSpec,
  Order,
  Phase,
  Stamp,
  Status,
  TestProfile,
  TokenState,
} from '@papertape/protocol'
import { tokenState } from './access/account-tokens.ts'
import { cancelAllOrders, cancelOrder, openAccount, placeOrder, replaceOrder } from './commands/account-commands.ts'
import { createAlert, deleteAlert } from './commands/alert-commands.ts'
import { depositCash } from './commands/deposit-commands.ts'
import { cancelDeskOrder, placeDeskOrder, printTrade, reduceDeskOrder } from './commands/desk-commands.ts'
import { publishNews, setPhase } from './commands/operator-commands.ts'
import { setTestProfile } from './commands/profile-commands.ts'
import { cancelAllAfter, cancelDue, guardSession, loseAllSessions, loseSession } from './commands/session-commands.ts'
import { addToken, revokeToken, useToken } from './commands/token-commands.ts'
import type { BookReader } from './market-data/book-reader.ts'
import type { OrderFlowListener } from './market-data/order-flow.ts'
import type { PrivateEnvelope } from './market-data/private-log.ts'
import { MINUTE_MS, type TradedInstrument } from './model/instrument.ts'
import type { StateRow } from './model/recorded.ts'
import { DEFAULT_RULES, type Rules } from './model/rules.ts'
import { StateChanges } from './model/state-changes.ts'
import { updateMarginCalls } from './phases/margin-calls.ts'
import { fireTimers } from './phases/timers.ts'
import { assert } from './primitives/assert.ts'
import { hashText } from './primitives/text-hash.ts'
import { accountState } from './state/account-rows.ts'
import {
  type ExchangeCheckpoint,
  type MarketState,
  marketState,
  orderState,
  restoreCheckpoint,
  saveCheckpoint,
} from './state/checkpoint.ts'
import { ExchangeState } from './state/exchange-state.ts'

export interface ExchangeOptions {
  readonly instruments: readonly InstrumentSpec[]
  /**
   * Makes no public events, which are most of a command's cost: for runs of which only the books are needed. Its
   * checkpoint is restored muted, too: events were not numbered.
   */
  readonly muted?: boolean
  /** The rest is as in DEFAULT_RULES. A checkpoint is restored under the rules that it was made under. */
  readonly rules?: Partial<Rules>
  readonly flow?: OrderFlowListener
}

export interface Exchange extends BookReader {
  /** Applies one command; deterministic in (state, command, stamp). Call withKnown() on account commands before. */
  apply(command: Command, stamp: Stamp): CommandAnswer
  /** Public events since the last call, in the order of the log, numbered from 1 without gaps. */
  takeEvents(): FeedEvent[]
  /** Private events since the last call, numbered from 1 without gaps in each account's stream. */
  takePrivateEvents(): PrivateEnvelope[]
  /** The number of the last public event. */
  readonly seq: number
  /** Market time of the last command in milliseconds. */
  readonly time: number
  account(accountId: string): AccountSnapshot | undefined
  /** Those whose loss cancels orders: see GuardSession. */
  readonly guardedSessions: readonly { readonly accountId: string; readonly sessionId: string }[]
  /** When `order.cancelDue` has something to cancel, wall clock in microseconds since 1970; Infinity for never. */
  readonly cancelDueUs: number
  /** Without those that were canceled and have a fill to come. */
  hasOpenOrder(accountId: string, orderId: string): boolean
  /** undefined: the order is not open, and no fill of it is to come. */
  openOrder(accountId: string, orderId: string): Order | undefined
  /** Canceled ones that have a fill to come, of a script. */
  lateOrders(accountId: string): readonly Order[]
  /** undefined: the hash is of no token, or of one that was revoked. */
  findToken(tokenHash: string): FoundToken | undefined
  /** Of all accounts that have one, with the number of their commands since it was set. */
  testProfiles(): readonly ProfiledAccount[]
  /** In the order in which they were made; without their hashes. */
  tokens(accountId: string): readonly TokenState[]
  /** Newest first: the active ones, and the last of those that have ended. */
  alerts(accountId: string): readonly AlertState[]
  phase(symbol: string): Phase
  /** As last published. */
  phaseNote(symbol: string): Pick<Status, 'reason' | 'until'>
  /** As last published; undefined outside of call phases. */
  indication(symbol: string): Indication | undefined
  /** undefined: the rules have no bands. */
  bands(symbol: string): Bands | undefined
  /** The number of the symbol's last book event, 0 before its first. */
  bookSeq(symbol: string): number
  /** How many orders rest at a price. @param symbol its index. */
  levelOrders(symbol: number, ticks: number, side?: number): number
  /** The whole state as JSON-compatible data. Take the events first: they are not part of it. */
  checkpoint(): ExchangeCheckpoint
  /**
   * What has changed since the last call or the restore; checks that cash and shares are conserved. Take the events
   * first.
   */
  checkpointChanges(): CheckpointChanges
  /** About how many rows checkpointChanges() would return. */
  readonly changesCount: number
  /**
   * Over books in priority order, accounts and counters: equal states have equal hashes, independent of memory layout.
   * The cost grows with the desks' orders and with the accounts and orders that have changed since the last call.
   */
  stateHash(): string
}

/** What a token opens. */
export interface FoundToken {
  readonly accountId: string
  /** The last number of the account's private stream. */
  readonly lastSeq: number
  readonly tokenId: string
  readonly readOnly: boolean
  /** Wall clock, microseconds since 1970; null: it does not expire. */
  readonly expiresUs: number | null
  /** Of an account that is for tests. */
  readonly testing?: true
}

/** An account for tests that has a profile. */
export interface ProfiledAccount {
  readonly accountId: string
  readonly profile: TestProfile
  /** For orders, since it was set. */
  readonly commands: number
}

/** Together with the rows of earlier checkpoints this is a whole state. */
export interface CheckpointChanges {
  readonly market: MarketState
  readonly rows: readonly StateRow[]
}

export function createExchange(options: ExchangeOptions, checkpoint?: ExchangeCheckpoint): Exchange {
  const rules = { ...DEFAULT_RULES, ...options.rules }
  const changes = new StateChanges({
    account: account => {
      state.conservation.count(account)
      return JSON.stringify(accountState(state, account))
    },
    order: order => JSON.stringify(orderState(state, order)),
  })
  const state = new ExchangeState(options.instruments, rules, options.muted ?? false, options.flow, changes)
  if (checkpoint !== undefined) {
    restoreCheckpoint(state, checkpoint)
    changes.take()
    state.conservation.begin()
  }
  return new PaperExchange(state)
}

class PaperExchange implements Exchange {
  readonly #state: ExchangeState
  /** The end of the minute of the last command. */
  #minuteEnd: number
  /** The last trade after which margin calls were updated; the first command after a restore updates them too. */
  #tradesBefore = -1

  constructor(state: ExchangeState) {
    this.#state = state
    this.#minuteEnd = minuteEnd(state.log.time)
  }

  get seq(): number {
    return this.#state.log.seq
  }

  get time(): number {
    return this.#state.log.time
  }

  apply(command: Command, stamp: Stamp): CommandAnswer {
    const { log, privateLog, queues, alerts } = this.#state
    assert(stamp.time >= log.time, 'the market clock never runs backwards')
    log.stamp(stamp)
    if (stamp.time >= this.#minuteEnd) this.#closeMinutes()
    if (stamp.time >= this.#state.nextDue) fireTimers(this.#state, stamp.time)
    const answer = dispatch(this.#state, command)
    if (this.#mayCallForMargin(command)) updateMarginCalls(this.#state)
    queues.publish(privateLog, stamp.ts, stamp.time)
    privateLog.publishChanges(stamp.ts)
    alerts.publish(privateLog)
    return answer
  }

  takeEvents(): FeedEvent[] {
    return this.#state.log.take()
  }

  takePrivateEvents(): PrivateEnvelope[] {
    return this.#state.privateLog.take()
  }

  account(accountId: string): AccountSnapshot | undefined {
    const account = this.#state.findAccount(accountId)
    if (account === undefined) return undefined
    const orders = this.#state.openOrders.ofAccount(account).values()
    return account.snapshot([...orders].map(order => order.state()))
  }

  get guardedSessions() {
    return [...this.#state.guardedAccounts].flatMap(({ accountId, guards }) =>
      [...guards.keys()].map(sessionId => ({ accountId, sessionId })),
    )
  }

  get cancelDueUs(): number {
    return this.#state.cancelDueUs
  }

  hasOpenOrder(accountId: string, orderId: string): boolean {
    const account = this.#state.findAccount(accountId)
    return account !== undefined && this.#state.openOrders.ofAccount(account).has(orderId)
  }

  openOrder(accountId: string, orderId: string): Order | undefined {
    const account = this.#state.findAccount(accountId)
    if (account === undefined) return undefined
    const { openOrders, offBook } = this.#state
    return (openOrders.ofAccount(account).get(orderId) ?? offBook.late(account, orderId))?.state()
  }

  lateOrders(accountId: string): readonly Order[] {
    const account = this.#state.findAccount(accountId)
    return account === undefined ? [] : this.#state.offBook.lateOf(account).map(order => order.state())
  }

  findToken(tokenHash: string): FoundToken | undefined {
    const found = this.#state.findToken(tokenHash)
    if (found === undefined) return undefined
    const { account, token } = found
    const { tokenId, readOnly, expiresUs } = token
    const known = { accountId: account.accountId, lastSeq: account.streamSeq, tokenId, readOnly, expiresUs }
    return account.isTesting ? { ...known, testing: true } : known
  }

  testProfiles(): readonly ProfiledAccount[] {
    return this.#state.accounts.flatMap(({ accountId, testProfile: profile, testCommands: commands }) =>
      profile === undefined ? [] : [{ accountId, profile, commands }],
    )
  }

  tokens(accountId: string): readonly TokenState[] {
    return this.#state.findAccount(accountId)?.tokens.all().map(tokenState) ?? []
  }

  alerts(accountId: string): readonly AlertState[] {
    const account = this.#state.findAccount(accountId)
    return account === undefined ? [] : this.#state.alerts.ofAccount(account).states()
  }

  phase(symbol: string): Phase {
    return this.#instrument(symbol).phase
  }

  phaseNote(symbol: string): Pick<Status, 'reason' | 'until'> {
    const { reason, until } = this.#instrument(symbol)
    return { reason, until }
  }

  indication(symbol: string): Indication | undefined {
    return this.#instrument(symbol).indication
  }

  bands(symbol: string): Bands | undefined {
    return this.#instrument(symbol).priceBands()
  }

  bookSeq(symbol: string): number {
    return this.#instrument(symbol).bookSeq
  }

  levelOrders(symbol: number, ticks: number, side?: number): number {
    return this.#state.books.levelOrders(symbol, ticks, side)
  }

  checkpoint(): ExchangeCheckpoint {
    this.#checkEventsTaken()
    return saveCheckpoint(this.#state)
  }

  checkpointChanges(): CheckpointChanges {
    this.#checkEventsTaken()
    const rows = this.#state.changes.take()
    this.#state.conservation.check()
    return { market: marketState(this.#state), rows }
  }

  get changesCount(): number {
    return this.#state.changes.count
  }

  stateHash(): string {
    return hashText(`${JSON.stringify(marketState(this.#state))} ${this.#state.changes.hash()}`)
  }

  phaseOf(symbol: number): Phase {
    return this.#state.instruments[symbol]!.phase
  }

  bestBid(symbol: number): number {
    return this.#state.books.bestBid(symbol)
  }

  bestAsk(symbol: number): number {
    return this.#state.books.bestAsk(symbol)
  }

  levelLots(symbol: number, ticks: number, side?: number): number {
    return this.#state.books.levelLots(symbol, ticks, side)
  }

  nextBidBelow(symbol: number, ticks: number): number {
    return this.#state.books.nextBidBelow(symbol, ticks)
  }

  nextAskAbove(symbol: number, ticks: number): number {
    return this.#state.books.nextAskAbove(symbol, ticks)
  }

  lastTicks(symbol: number): number {
    return this.#state.instruments[symbol]!.lastTicks
  }

  takenLots(symbol: number, side: number): number {
    return this.#state.instruments[symbol]!.takenLots[side]!
  }

  orderTicks(desk: number, ref: number): number {
    return this.#state.books.priceOf(this.#state.deskOrders.idOf(desk, ref))
  }

  orderSide(desk: number, ref: number): number {
    return this.#state.books.sideOf(this.#state.deskOrders.idOf(desk, ref))
  }

  openLots(desk: number, ref: number): number {
    return this.#state.books.openLots(this.#state.deskOrders.idOf(desk, ref))
  }

  isHead(desk: number, ref: number): boolean {
    const { books, deskOrders } = this.#state
    const id = deskOrders.idOf(desk, ref)
    if (id === 0) return false
    const symbol = books.symbolOf(id)
    const ticks = books.priceOf(id)
    if (ticks !== books.bestBid(symbol) && ticks !== books.bestAsk(symbol)) return false
    let head = books.headOrder(symbol, ticks, books.sideOf(id))
    while (head !== id && books.ownerOf(head) < 0) head = books.nextInQueue(head)
    return head === id
  }

  /** A price has changed, or the cash or a position of an account. */
  #mayCallForMargin({ type }: Command): boolean {
    const { marginAccounts, counters } = this.#state
    if (marginAccounts.size === 0) return false
    const trades = counters.tradeId + (counters.scriptedTradeId ?? 0)
    const hasTraded = trades !== this.#tradesBefore
    this.#tradesBefore = trades
    return hasTraded || type === 'account.deposit'
  }

  #checkEventsTaken(): void {
    const { log, privateLog } = this.#state
    assert(log.pending === 0 && privateLog.pending === 0, 'the events are taken before a checkpoint')
  }

  #instrument(symbol: string): TradedInstrument {
    const instrument = this.#state.instrument(symbol)
    assert(instrument !== undefined, 'the instrument is listed')
    return instrument
  }

  /** Publishes a candle for each symbol that traded in the minute that has ended. */
  #closeMinutes(): void {
    const { log, instruments } = this.#state
    for (const { symbol, minute } of instruments) {
      const bar = minute.close(log.time)
      if (bar !== undefined) log.candle(symbol, bar)
    }
    this.#minuteEnd = minuteEnd(log.time)
  }
}

function dispatch(state: ExchangeState, command: Command): CommandAnswer {
  switch (command.type) {
    case 'desk.place':
      return placeDeskOrder(state, command)
    case 'desk.cancel':
      return cancelDeskOrder(state, command)
    case 'desk.reduce':
      return reduceDeskOrder(state, command)
    case 'trade.print':
      return printTrade(state, command)
    case 'order.place':
      return placeOrder(state, command)
    case 'order.replace':
      return replaceOrder(state, command)
    case 'order.cancel':
      return cancelOrder(state, command)
    case 'order.cancelAll':
      return cancelAllOrders(state, command)
    case 'order.cancelAllAfter':
      return cancelAllAfter(state, command)
    case 'order.cancelDue':
      return cancelDue(state)
    case 'session.guard':
      return guardSession(state, command)
    case 'session.lose':
      return loseSession(state, command)
    case 'session.loseAll':
      return loseAllSessions(state, command)
    case 'account.open':
      return openAccount(state, command)
    case 'account.deposit':
      return depositCash(state, command)
    case 'account.profile':
      return setTestProfile(state, command)
    case 'token.add':
      return addToken(state, command)
    case 'token.revoke':
      return revokeToken(state, command)
    case 'token.use':
      return useToken(state, command)
    case 'alert.create':
      return createAlert(state, command)
    case 'alert.delete':
      return deleteAlert(state, command)
    case 'phase.set':
      return setPhase(state, command)
    case 'news.publish':
      return publishNews(state, command)
    // For the market loop, not the exchange.
    case 'pace.set':
    case 'scenario.start':
    case 'clock.advance':
      return { type: 'done' }
  }
}

function minuteEnd(time: number): number {
  return time - (time % MINUTE_MS) + MINUTE_MS
}
