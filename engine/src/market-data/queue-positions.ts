// How many lots stand before each resting order of an account, and which owners are told of it when. A change of a level
// costs a logarithm of the accounts' orders there. What an owner does not know yet is told at the end of commands, a few
// orders at each: first of the levels that the command changed, then of all orders in turn, so that everybody's turn comes,
// and nobody is told more often than the rules say. Always the newest place.

import type { MatchingEngine } from '../matching/matching-engine.ts'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Rules } from '../model/rules.ts'
import type { PrivateLog } from './private-log.ts'
import { QueueLevel } from './queue-level.ts'

/** Its owner has not been told. */
export const NOT_TOLD = -1

/** Where the turn is, as a checkpoint keeps it. */
export interface QueueTurn {
  /** The arrival of the order whose turn it is; null: there is none. */
  readonly arrival: number | null
  /** So many orders may stand elsewhere than their owners know. */
  readonly left: number
}

export class QueuePositions {
  readonly #engine: MatchingEngine
  readonly #rules: Pick<Rules, 'placesPerCommand' | 'placesPerSecond'>
  /** By symbol, price and side. */
  readonly #levels = new Map<number, QueueLevel>()
  /** Levels that the command at work has changed, in the order of the changes. */
  readonly #changed = new Set<QueueLevel>()
  /** Icebergs that the command at work has sent to the end of their queue: where that is, is known when it is done. */
  readonly #requeued = new Set<AccountOrder>()
  /** All resting orders in the order of their arrival; each links to its neighbours. */
  #oldest: AccountOrder | undefined
  #youngest: AccountOrder | undefined
  #count = 0
  #turn: AccountOrder | undefined
  #left = 0

  constructor(engine: MatchingEngine, rules: Pick<Rules, 'placesPerCommand' | 'placesPerSecond'>) {
    this.#engine = engine
    this.#rules = rules
  }

  /** The order rests from now on, at the end of its queue. @param isTold false: its owner does not know where. */
  join(order: AccountOrder, aheadLots: number, isTold: boolean): void {
    this.#placeRequeued()
    order.toldAheadLots = isTold ? aheadLots : NOT_TOLD
    this.#add(order, aheadLots)
    if (!isTold) this.#mark(order)
  }

  /** The order rests no longer at its price, or not in its place: call it before either changes. */
  leave(order: AccountOrder): void {
    if (this.#requeued.delete(order)) return
    if (order.queuePlace < 0) return
    const key = levelKey(order)
    const level = this.#levels.get(key)!
    level.remove(order)
    if (level.count === 0) this.#drop(key, level)
    this.#unlink(order)
  }

  /** Of an order that rests. */
  aheadLots(order: AccountOrder): number {
    this.#placeRequeued()
    return this.#levels.get(levelKey(order))!.aheadLots(order)
  }

  /** The first of a queue has traded so many lots, or lost them. */
  headTook(symbol: number, side: number, ticks: number, orderId: number, lots: number): void {
    const level = this.#at(symbol, side, ticks)
    if (level?.headLost(orderId, lots)) this.#note(level)
  }

  /** An order that still rests in its place loses so many of its shown lots without a trade. */
  losing(orderId: number, symbol: number, side: number, ticks: number, lots: number): void {
    if (this.#levels.size > 0) this.lost(symbol, side, ticks, this.#engine.arrival(orderId), lots)
  }

  /** An order has lost so many of its shown lots without a trade. @param arrival the core's, of its place before. */
  lost(symbol: number, side: number, ticks: number, arrival: number, lots: number): void {
    const level = this.#at(symbol, side, ticks)
    if (level?.lost(arrival, lots)) this.#note(level)
  }

  /** An iceberg has shown its next part, at the end of the queue. */
  requeued(order: AccountOrder): void {
    this.leave(order)
    this.#requeued.add(order)
  }

  /** Ends a command. */
  tell(privateLog: PrivateLog, ts: number, time: number): void {
    if (this.#requeued.size > 0) this.#placeRequeued()
    if (this.#changed.size > 0) this.#tellChanged(privateLog, ts, time)
    if (this.#left > 0) this.#tellInTurn(privateLog, ts, time)
  }

  turn(): QueueTurn {
    const turn = this.#turn
    return { arrival: turn === undefined ? null : this.#engine.arrival(turn.engineId), left: this.#left }
  }

  /** @param orders all that rest, in the order of their arrival; the book has them already. */
  restore(orders: readonly AccountOrder[], { arrival, left }: QueueTurn): void {
    const ahead = new Map<number, number>()
    for (const order of orders) {
      if (!ahead.has(order.engineId)) this.#lookAlong(order, ahead)
      this.#add(order, ahead.get(order.engineId)!)
      if (arrival === this.#engine.arrival(order.engineId)) this.#turn = order
    }
    this.#left = left
  }

  /** The lots ahead of each order at the price of this one. */
  #lookAlong({ listing, side, priceTicks }: AccountOrder, ahead: Map<number, number>): void {
    let lots = 0
    let id = this.#engine.headOrder(listing.index, priceTicks, sideCode(side))
    for (; id !== 0; id = this.#engine.nextInQueue(id)) {
      if (this.#engine.ownerOf(id) < 0) ahead.set(id, lots)
      lots += this.#engine.shownLots(id)
    }
  }

  #at(symbol: number, side: number, ticks: number): QueueLevel | undefined {
    return this.#levels.size === 0 ? undefined : this.#levels.get(keyOf(symbol, side, ticks))
  }

  /** Owners of orders there know less than there is to know. */
  #note(level: QueueLevel): void {
    this.#changed.add(level)
    this.#left = this.#count
  }

  #mark(order: AccountOrder): void {
    const level = this.#levels.get(levelKey(order))!
    level.markChanged(order)
    this.#note(level)
  }

  #tellChanged(privateLog: PrivateLog, ts: number, time: number): void {
    let left = this.#rules.placesPerCommand
    for (const level of this.#changed) {
      for (const order of level.takeChanged(left)) {
        this.#tellOwner(privateLog, order, ts, time)
        left--
      }
    }
    this.#changed.clear()
  }

  #tellInTurn(privateLog: PrivateLog, ts: number, time: number): void {
    for (let told = 0; told < this.#rules.placesPerCommand && this.#left > 0; told++) {
      const order = this.#turn ?? this.#oldest!
      this.#turn = order.younger
      this.#left--
      // One whose owner may not be told now is looked at again in the next round.
      if (!this.#tellOwner(privateLog, order, ts, time)) this.#left = this.#count
    }
  }

  /** False when the owner does not know the place and has been told too much of late. */
  #tellOwner(privateLog: PrivateLog, order: AccountOrder, ts: number, time: number): boolean {
    const aheadLots = this.#levels.get(levelKey(order))!.aheadLots(order)
    if (aheadLots === order.toldAheadLots) return true
    if (!order.account.mayHearPlace(time, this.#rules.placesPerSecond)) return false
    privateLog.queue(order, aheadLots, ts)
    return true
  }

  /** From the end of the queue, where they are. */
  #placeRequeued(): void {
    if (this.#requeued.size === 0) return
    const engine = this.#engine
    const orders = [...this.#requeued].sort((a, b) => (engine.arrival(a.engineId) - engine.arrival(b.engineId)) | 0)
    this.#requeued.clear()
    for (const order of orders) {
      const { listing, side, priceTicks, engineId } = order
      let lots = engine.levelLots(listing.index, priceTicks, sideCode(side))
      for (let id = engineId; id !== 0; id = engine.nextInQueue(id)) lots -= engine.shownLots(id)
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
    level.add(order, aheadLots, this.#engine.arrival(order.engineId))
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

function levelKey({ listing, side, priceTicks }: AccountOrder): number {
  return keyOf(listing.index, sideCode(side), priceTicks)
}

function keyOf(symbol: number, side: number, ticks: number): number {
  return symbol * 2 ** 32 + ticks * 2 + side
}
