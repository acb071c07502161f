// The lots ahead of each resting order of an account, and when its owner is sent them. A change of a level costs a
// logarithm of the accounts' orders there. Changed positions are sent at the end of commands, a few orders each time:
// first those of the levels that the command changed, then all orders in turn, and no account more often than the
// rules allow. Each event has the newest position.

import type { OrderBooks } from '../matching/order-books.ts'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Rules } from '../model/rules.ts'
import type { PrivateLog } from './private-log.ts'
import { QueueLevel } from './queue-level.ts'

/** Nothing has been sent to the owner. */
const NOT_SENT = -1

/** The progress of the turn, as a checkpoint stores it. */
export interface QueueTurn {
  /** The arrival number of the order whose turn it is; null: none. */
  readonly arrival: number | null
  /** How many orders may have a position that was not sent. */
  readonly left: number
}

export class QueuePositions {
  readonly #books: OrderBooks
  readonly #rules: Pick<Rules, 'placesPerCommand' | 'placesPerSecond'>
  /** By symbol, price and side. */
  readonly #levels = new Map<number, QueueLevel>()
  /** Levels that the current command has changed, in the order of the changes. */
  readonly #changed = new Set<QueueLevel>()
  /** Icebergs that the current command has sent to the end of their queue; their positions are known at its end. */
  readonly #requeued = new Set<AccountOrder>()
  /** All resting orders by arrival; each links to its neighbours. */
  #oldest: AccountOrder | undefined
  #youngest: AccountOrder | undefined
  #count = 0
  #turn: AccountOrder | undefined
  #left = 0

  constructor(books: OrderBooks, rules: Pick<Rules, 'placesPerCommand' | 'placesPerSecond'>) {
    this.#books = books
    this.#rules = rules
  }

  get isEmpty(): boolean {
    return this.#levels.size === 0
  }

  /** The order rests from now on, at the end of its queue. @param isSent its owner has the position from elsewhere. */
  join(order: AccountOrder, aheadLots: number, isSent: boolean): void {
    this.#placeRequeued()
    order.sentAheadLots = isSent ? aheadLots : NOT_SENT
    this.#add(order, aheadLots)
    if (!isSent) this.#mark(order)
  }

  /** The order no longer rests in its place. Its `priceTicks` are still those of the queue that it leaves. */
  leave(order: AccountOrder): void {
    if (this.#requeued.delete(order)) return
    if (order.queueIndex < 0) return
    const key = levelKey(order)
    const level = this.#levels.get(key)!
    level.remove(order)
    if (level.count === 0) this.#drop(key, level)
    this.#unlink(order)
  }

  /** Of a resting order. */
  aheadLots(order: AccountOrder): number {
    this.#placeRequeued()
    return this.#levels.get(levelKey(order))!.aheadLots(order)
  }

  /** The first order of a queue has traded or lost lots. */
  headReduced(symbol: number, side: number, ticks: number, orderId: number, lots: number): void {
    const level = this.#at(symbol, side, ticks)
    if (level?.headReduced(orderId, lots)) this.#markLevel(level)
  }

  /** An order has lost shown lots without a trade. @param arrival of the order, before it lost its place, if it did. */
  reduced(symbol: number, side: number, ticks: number, arrival: number, lots: number): void {
    const level = this.#at(symbol, side, ticks)
    if (level?.reduced(arrival, lots)) this.#markLevel(level)
  }

  /** An iceberg shows its next part, at the end of the queue. */
  requeued(order: AccountOrder): void {
    this.leave(order)
    this.#requeued.add(order)
  }

  /** At the end of a command: sends changed positions to owners. */
  publish(privateLog: PrivateLog, ts: number, time: number): void {
    if (this.#requeued.size > 0) this.#placeRequeued()
    if (this.#changed.size > 0) this.#publishChanged(privateLog, ts, time)
    if (this.#left > 0) this.#publishInTurn(privateLog, ts, time)
  }

  turn(): QueueTurn {
    const turn = this.#turn
    return { arrival: turn === undefined ? null : this.#books.arrival(turn.engineId), left: this.#left }
  }

  /** @param orders all resting ones by arrival; the book has them already. */
  restore(orders: readonly AccountOrder[], { arrival, left }: QueueTurn): void {
    const ahead = new Map<number, number>()
    for (const order of orders) {
      if (!ahead.has(order.engineId)) this.#readQueue(order, ahead)
      this.#add(order, ahead.get(order.engineId)!)
      if (arrival === this.#books.arrival(order.engineId)) this.#turn = order
    }
    this.#left = left
  }

  /** Finds the lots ahead of each order at the price of this one. */
  #readQueue({ instrument, side, priceTicks }: AccountOrder, ahead: Map<number, number>): void {
    let lots = 0
    let id = this.#books.headOrder(instrument.index, priceTicks, sideCode(side))
    for (; id !== 0; id = this.#books.nextInQueue(id)) {
      if (this.#books.ownerOf(id) < 0) ahead.set(id, lots)
      lots += this.#books.shownLots(id)
    }
  }

  #at(symbol: number, side: number, ticks: number): QueueLevel | undefined {
    return this.#levels.size === 0 ? undefined : this.#levels.get(keyOf(symbol, side, ticks))
  }

  /** Orders of the level have positions that were not sent. */
  #markLevel(level: QueueLevel): void {
    this.#changed.add(level)
    this.#left = this.#count
  }

  #mark(order: AccountOrder): void {
    const level = this.#levels.get(levelKey(order))!
    level.markChanged(order)
    this.#markLevel(level)
  }

  #publishChanged(privateLog: PrivateLog, ts: number, time: number): void {
    let left = this.#rules.placesPerCommand
    for (const level of this.#changed) {
      for (const order of level.takeChanged(left)) {
        this.#publishOne(privateLog, order, ts, time)
        left--
      }
    }
    this.#changed.clear()
  }

  #publishInTurn(privateLog: PrivateLog, ts: number, time: number): void {
    for (let checked = 0; checked < this.#rules.placesPerCommand && this.#left > 0; checked++) {
      const order = this.#turn ?? this.#oldest!
      this.#turn = order.younger
      this.#left--
      // An order whose owner may not be sent more now is checked again in the next round.
      if (!this.#publishOne(privateLog, order, ts, time)) this.#left = this.#count
    }
  }

  /** @returns false when the position has changed but the account's rate is used up. */
  #publishOne(privateLog: PrivateLog, order: AccountOrder, ts: number, time: number): boolean {
    const aheadLots = this.#levels.get(levelKey(order))!.aheadLots(order)
    if (aheadLots === order.sentAheadLots) return true
    if (!order.account.takeQueueAllowance(time, this.#rules.placesPerSecond)) return false
    privateLog.queue(order, aheadLots, ts)
    return true
  }

  /** Counts the lots ahead of them from the end of the queue. */
  #placeRequeued(): void {
    if (this.#requeued.size === 0) return
    const books = this.#books
    const orders = [...this.#requeued].sort((a, b) => (books.arrival(a.engineId) - books.arrival(b.engineId)) | 0)
    this.#requeued.clear()
    for (const order of orders) {
      const { instrument, side, priceTicks, engineId } = order
      let lots = books.levelLots(instrument.index, priceTicks, sideCode(side))
      for (let id = engineId; id !== 0; id = books.nextInQueue(id)) lots -= books.shownLots(id)
      this.#add(order, lots)
      this.#mark(order)
    }
  }

  #add(order: AccountOrder, aheadLots: number): void {
    const key = levelKey(order)
    let level = this.#levels.get(key)
    if (level === undefined) {
      level = new QueueLevel()
      this.#levels.set(key, level)
    }
    level.add(order, aheadLots, this.#books.arrival(order.engineId))
    order.older = this.#youngest
    order.younger = undefined
    if (this.#youngest === undefined) this.#oldest = order
    else this.#youngest.younger = order
    this.#youngest = order
    this.#count++
  }

  #unlink(order: AccountOrder): void {
    const { older, younger } = order
    if (older === undefined) this.#oldest = younger
    else older.younger = younger
    if (younger === undefined) this.#youngest = older
    else younger.older = older
    if (this.#turn === order) this.#turn = younger
    order.older = undefined
    order.younger = undefined
    this.#count--
    this.#left = Math.min(this.#left, this.#count)
  }

  #drop(key: number, level: QueueLevel): void {
    this.#levels.delete(key)
    this.#changed.delete(level)
  }
}

function levelKey({ instrument, side, priceTicks }: AccountOrder): number {
  return keyOf(instrument.index, sideCode(side), priceTicks)
}

function keyOf(symbol: number, side: number, ticks: number): number {
  return symbol * 2 ** 32 + ticks * 2 + side
}
