// The exchange: takes one command at a time and says what it made of the market. Deterministic: the same commands with the
// same stamps give the same events, to the byte. It stamps, counts and dispatches; the rules are in the files it calls. What
// an id was answered with and how an order ended it does not keep: see order-archive.ts.

import type {
  AccountSnapshot,
  Bands,
  Command,
  CommandAnswer,
  FeedEvent,
  Indication,
  InstrumentSpec,
  Order,
  Phase,
  Stamp,
} from '@papertape/protocol'
import { cancelAllOrders, cancelOrder, openAccount, placeOrder, replaceOrder } from './commands/account-commands.ts'
import { cancelDeskOrder, placeDeskOrder, printTrade, reduceDeskOrder } from './commands/desk-commands.ts'
import { publishNews, setPhase } from './commands/operator-commands.ts'
import { guardSession, loseAllSessions, loseSession } from './commands/session-commands.ts'
import type { BookReader } from './market-data/book-reader.ts'
import type { OrderFlowListener } from './market-data/order-flow.ts'
import type { PrivateEnvelope } from './market-data/private-log.ts'
import { type Listing, MINUTE_MS } from './model/instrument.ts'
import { DEFAULT_RULES, type Rules } from './model/rules.ts'
import { StateChanges, type StateRow } from './model/state-changes.ts'
import { fireTimers } from './phases/timers.ts'
import { assert } from './primitives/assert.ts'
import { hashText } from './primitives/text-hash.ts'
import {
  accountState,
  type ExchangeState,
  type MarketState,
  marketState,
  orderState,
  restoreState,
  stateOf,
} from './state/checkpoint.ts'
import { Floor } from './state/exchange-state.ts'

export interface ExchangeOptions {
  readonly instruments: readonly InstrumentSpec[]
  /** No public events are made, which are most of a command's cost: for runs whose books alone matter. */
  readonly muted?: boolean
  /** What is left out is as in DEFAULT_RULES. A checkpoint goes on under the rules that it was made under. */
  readonly rules?: Partial<Rules>
  readonly flow?: OrderFlowListener
}

export interface Exchange extends BookReader {
  /** Applies one command; deterministic in (state, command, stamp). Account commands come with what an archive knows. */
  apply(command: Command, stamp: Stamp): CommandAnswer
  /** Public events since the last call, in log order, numbered from 1 without holes. */
  takeEvents(): FeedEvent[]
  /** Private events since the last call, each numbered in its own account's stream from 1 without holes. */
  takePrivateEvents(): PrivateEnvelope[]
  /** The number of the last public event. */
  readonly seq: number
  /** Market milliseconds of the last command. */
  readonly time: number
  account(accountId: string): AccountSnapshot | undefined
  /** Whether some session's loss would cancel orders: see GuardSession. */
  readonly guardsSessions: boolean
  /** undefined: it is not open. */
  openOrder(accountId: string, orderId: string): Order | undefined
  /** The accountId that a token's hash belongs to. */
  findAccount(tokenHash: string): string | undefined
  phase(symbol: string): Phase
  /** What a call would come to, as last told; undefined outside of calls. */
  indication(symbol: string): Indication | undefined
  /** undefined: the rules have none. */
  bands(symbol: string): Bands | undefined
  /** The number of the symbol's last book event, 0 before its first. */
  bookSeq(symbol: string): number
  /** How many orders rest at a price, by the symbol's index. */
  levelOrders(symbol: number, ticks: number, side?: number): number
  /** Whole and JSON-able. Take the events first: they are not in it. */
  checkpoint(): ExchangeState
  /** What has changed since the last call, or since it was restored. Take the events first. */
  checkpointChanges(): CheckpointChanges
  /** How many rows checkpointChanges() would give, about. */
  readonly changesCount: number
  /**
   * Over books in priority order, accounts and counters: equal states have equal hashes, whatever the memory layout. It costs
   * as much as the desks have orders and as many accounts and orders have changed since it was last asked for.
   */
  stateHash(): string
}

/** With the rows of the checkpoints before it, a whole state. */
export interface CheckpointChanges {
  readonly market: MarketState
  readonly rows: readonly StateRow[]
}

export function createExchange(options: ExchangeOptions, state?: ExchangeState): Exchange {
  const rules = { ...DEFAULT_RULES, ...options.rules }
  const changes = new StateChanges({
    account: account => JSON.stringify(accountState(account)),
    order: order => JSON.stringify(orderState(floor, order)),
  })
  const floor = new Floor(options.instruments, rules, options.muted ?? false, options.flow, changes)
  if (state !== undefined) {
    restoreState(floor, state)
    changes.take()
  }
  return new PaperExchange(floor)
}

class PaperExchange implements Exchange {
  readonly #floor: Floor
  /** When the minute ends that the last command was in. */
  #minuteEnd: number

  constructor(floor: Floor) {
    this.#floor = floor
    this.#minuteEnd = minuteEnd(floor.log.time)
  }

  get seq(): number {
    return this.#floor.log.seq
  }

  get time(): number {
    return this.#floor.log.time
  }

  apply(command: Command, stamp: Stamp): CommandAnswer {
    const { log, privateLog, queues } = this.#floor
    assert(stamp.time >= log.time, 'the market clock never runs backwards')
    log.stamp(stamp)
    if (stamp.time >= this.#minuteEnd) this.#closeMinutes()
    if (stamp.time >= this.#floor.nextDue) fireTimers(this.#floor, stamp.time)
    const answer = dispatch(this.#floor, command)
    queues.tell(privateLog, stamp.ts, stamp.time)
    privateLog.state(stamp.ts)
    return answer
  }

  takeEvents(): FeedEvent[] {
    return this.#floor.log.take()
  }

  takePrivateEvents(): PrivateEnvelope[] {
    return this.#floor.privateLog.take()
  }

  account(accountId: string): AccountSnapshot | undefined {
    return this.#floor.findAccount(accountId)?.snapshot()
  }

  get guardsSessions(): boolean {
    return this.#floor.guardedAccounts.size > 0
  }

  openOrder(accountId: string, orderId: string): Order | undefined {
    return this.#floor.findAccount(accountId)?.openOrders.get(orderId)?.state()
  }

  findAccount(tokenHash: string): string | undefined {
    return this.#floor.findAccountByToken(tokenHash)?.accountId
  }

  phase(symbol: string): Phase {
    return this.#listing(symbol).phase
  }

  indication(symbol: string): Indication | undefined {
    return this.#listing(symbol).indication
  }

  bands(symbol: string): Bands | undefined {
    return this.#listing(symbol).priceBands()
  }

  bookSeq(symbol: string): number {
    return this.#listing(symbol).bookSeq
  }

  levelOrders(symbol: number, ticks: number, side?: number): number {
    return this.#floor.engine.levelOrders(symbol, ticks, side)
  }

  checkpoint(): ExchangeState {
    this.#checkEventsTaken()
    return stateOf(this.#floor)
  }

  checkpointChanges(): CheckpointChanges {
    this.#checkEventsTaken()
    return { market: marketState(this.#floor), rows: this.#floor.changes.take() }
  }

  get changesCount(): number {
    return this.#floor.changes.count
  }

  stateHash(): string {
    return hashText(`${JSON.stringify(marketState(this.#floor))} ${this.#floor.changes.hash()}`)
  }

  bestBid(symbol: number): number {
    return this.#floor.engine.bestBid(symbol)
  }

  bestAsk(symbol: number): number {
    return this.#floor.engine.bestAsk(symbol)
  }

  levelLots(symbol: number, ticks: number, side?: number): number {
    return this.#floor.engine.levelLots(symbol, ticks, side)
  }

  nextBidBelow(symbol: number, ticks: number): number {
    return this.#floor.engine.nextBidBelow(symbol, ticks)
  }

  nextAskAbove(symbol: number, ticks: number): number {
    return this.#floor.engine.nextAskAbove(symbol, ticks)
  }

  lastTicks(symbol: number): number {
    return this.#floor.listings[symbol]!.lastTicks
  }

  takenLots(symbol: number, side: number): number {
    return this.#floor.listings[symbol]!.takenLots[side]!
  }

  orderTicks(desk: number, ref: number): number {
    return this.#floor.engine.priceOf(this.#floor.deskOrders.idOf(desk, ref))
  }

  openLots(desk: number, ref: number): number {
    return this.#floor.engine.openLots(this.#floor.deskOrders.idOf(desk, ref))
  }

  isHead(desk: number, ref: number): boolean {
    const { engine, deskOrders } = this.#floor
    const id = deskOrders.idOf(desk, ref)
    if (id === 0) return false
    const symbol = engine.symbolOf(id)
    const ticks = engine.priceOf(id)
    if (ticks !== engine.bestBid(symbol) && ticks !== engine.bestAsk(symbol)) return false
    let head = engine.headOrder(symbol, ticks, engine.sideOf(id))
    while (head !== id && engine.ownerOf(head) < 0) head = engine.nextInQueue(head)
    return head === id
  }

  #checkEventsTaken(): void {
    const { log, privateLog } = this.#floor
    assert(!log.muted, 'an exchange that tells nothing is not taken up again')
    assert(log.pending === 0 && privateLog.pending === 0, 'the events are taken before a checkpoint')
  }

  #listing(symbol: string): Listing {
    const listing = this.#floor.listing(symbol)
    assert(listing !== undefined, 'only listed instruments are asked about')
    return listing
  }

  /** A candle for each symbol that traded in a minute that is over. */
  #closeMinutes(): void {
    const { log, listings } = this.#floor
    for (const { symbol, minute } of listings) {
      const bar = minute.close(log.time)
      if (bar !== undefined) log.candle(symbol, bar)
    }
    this.#minuteEnd = minuteEnd(log.time)
  }
}

function dispatch(floor: Floor, command: Command): CommandAnswer {
  switch (command.type) {
    case 'desk.place':
      return placeDeskOrder(floor, command)
    case 'desk.cancel':
      return cancelDeskOrder(floor, command)
    case 'desk.reduce':
      return reduceDeskOrder(floor, command)
    case 'trade.print':
      return printTrade(floor, command)
    case 'order.place':
      return placeOrder(floor, command)
    case 'order.replace':
      return replaceOrder(floor, command)
    case 'order.cancel':
      return cancelOrder(floor, command)
    case 'order.cancelAll':
      return cancelAllOrders(floor, command)
    case 'session.guard':
      return guardSession(floor, command)
    case 'session.lose':
      return loseSession(floor, command)
    case 'session.loseAll':
      return loseAllSessions(floor)
    case 'account.open':
      return openAccount(floor, command)
    case 'phase.set':
      return setPhase(floor, command)
    case 'news.publish':
      return publishNews(floor, command)
    // They concern what makes the market, not the exchange.
    case 'pace.set':
    case 'scenario.start':
    case 'clock.advance':
      return { type: 'done' }
  }
}

function minuteEnd(time: number): number {
  return time - (time % MINUTE_MS) + MINUTE_MS
}
