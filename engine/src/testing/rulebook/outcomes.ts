// Says in the rulebook's language what an exchange has just told its traders and the public. It knows orders by the names
// that a case gave them; it judges nothing but that both sides of a trade, and the tape, tell the same.

import { strict as assert } from 'node:assert'
import type { Execution, FeedEvent, Phase, PrivateEvent, QueueUpdate, Side, Trade } from '@papertape/protocol'
import { normal, type Outcome } from './language.ts'

/** An order on its way in: what is left of it is said once what happens on that way is. */
interface Entering {
  readonly who: string
  readonly triggered: boolean
  readonly size: number
  leavesSize: number
  /** Null: it is in no book. */
  aheadSize: number | null
}

/** What one command did: first to the market, then to the orders in the order that their owners were told. */
export class OutcomeTeller {
  readonly #outcomes: Outcome[] = []
  readonly #nameOf: (orderId: string) => string
  readonly #trades = new Map<number, Trade>()
  /** Of each trade, what each side has been told to have filled. */
  readonly #filled = new Map<number, Record<Side, number>>()
  readonly #makers = new Map<number, Execution>()
  /** By the exchange's id. Several may have been triggered before the first of them enters. */
  readonly #entering = new Map<string, Entering>()

  /** @param nameOf what the case calls an order. */
  constructor(nameOf: (orderId: string) => string) {
    this.#nameOf = nameOf
  }

  /** @param phase of the market before the command. */
  tell(symbol: string, phase: Phase, events: readonly FeedEvent[], told: readonly PrivateEvent[]): Outcome[] {
    this.#tellMarket(symbol, phase, events)
    for (const event of told) {
      if (event.type === 'execution') this.#tellExecution(event)
      else if (event.type === 'queue') this.#learnPlace(event)
    }
    this.#tellRests(() => true)
    this.#compareTape()
    return this.#outcomes
  }

  #tellMarket(symbol: string, before: Phase, events: readonly FeedEvent[]): void {
    let phase = before
    for (const { event, data } of events) {
      if (event === 'trade') this.#trades.set(data.tradeId, data)
      if (event === 'trade' && data.auction) this.#add('', `auction ${data.size} @ ${data.price}`, ` ${data.aggressor}`)
      if (event !== 'status' || data.phase === phase) continue
      if (data.symbol !== null && data.symbol !== symbol) continue
      phase = data.phase
      this.#add('', `phase ${phase}`)
    }
  }

  #tellExecution(execution: Execution): void {
    const { execType, orderId, size, cumSize, leavesSize, aheadSize, reason } = execution
    const who = this.#nameOf(orderId)
    if (execType === 'partialFill' || execType === 'fill') this.#tellFill(execution)
    else if (execType === 'rejected') this.#add(who, ...refused(reason!))
    else if (execType === 'canceled' || execType === 'expired') {
      this.#entering.delete(orderId)
      this.#add(who, `${execType} ${size - cumSize}`, reason === undefined ? '' : ` (${reason.code})`)
    } else if (execType === 'replaced' && reason !== undefined) {
      const what = reason.code === 'self-trade-prevented' ? `reduced to ${leavesSize}` : `moved to ${execution.price}`
      this.#add(who, what, ` (${reason.code})`)
      this.#leaves(execution)
    } else {
      const triggered = execType === 'triggered'
      this.#entering.delete(orderId)
      if (triggered) this.#tellRests(order => !order.triggered)
      if (execType !== 'new') this.#add(who, execType)
      this.#entering.set(orderId, { who, triggered, size, leavesSize, aheadSize })
    }
  }

  /** The maker is told first; what an auction fills has no maker. */
  #tellFill(execution: Execution): void {
    const { tradeId, lastSize, lastPrice, orderId, side, liquidity } = execution
    const filled = this.#filled.get(tradeId!) ?? { buy: 0, sell: 0 }
    this.#filled.set(tradeId!, { ...filled, [side]: filled[side] + lastSize })
    assert.equal(lastPrice, this.#trades.get(tradeId!)?.price, 'the tape has the price of the fill')
    if (liquidity === 'maker') {
      this.#makers.set(tradeId!, execution)
      this.#leaves(execution)
      return
    }
    const maker = this.#makers.get(tradeId!)
    const from = maker === undefined ? '' : ` from ${this.#nameOf(maker.orderId)}`
    if (maker !== undefined) assert.equal(this.#trades.get(tradeId!)?.aggressor, side, 'the taker is the aggressor')
    this.#add(this.#nameOf(orderId), `fills ${lastSize} @ ${lastPrice}${from}`)
    this.#leaves(execution)
  }

  #leaves({ orderId, leavesSize }: Execution): void {
    const order = this.#entering.get(orderId)
    if (order !== undefined) order.leavesSize = leavesSize
  }

  /** Of an order that waited before it came to rest, its place is told at the end. */
  #learnPlace({ orderId, aheadSize }: QueueUpdate): void {
    const order = this.#entering.get(orderId)
    if (order !== undefined) order.aheadSize ??= aheadSize
  }

  #tellRests(isMeant: (order: Entering) => boolean): void {
    for (const [orderId, order] of this.#entering) {
      const { who, size, leavesSize, aheadSize } = order
      if (!isMeant(order)) continue
      this.#entering.delete(orderId)
      if (leavesSize === 0) continue
      const rests = leavesSize === size ? 'rests' : `rests ${leavesSize}`
      if (aheadSize === null) this.#add(who, 'waits')
      else this.#add(who, rests, ` behind ${aheadSize}`)
    }
  }

  #compareTape(): void {
    for (const [tradeId, { size }] of this.#trades) {
      assert.deepEqual(
        this.#filled.get(tradeId),
        { buy: size, sell: size },
        'both sides have filled what the tape says',
      )
    }
    assert.equal(this.#filled.size, this.#trades.size, 'every fill is on the tape')
  }

  #add(who: string, what: string, detail = ''): void {
    this.#outcomes.push({ who, what: normal(what), details: detail === '' ? [] : [normal(detail)] })
  }
}

/** A refusal in words, and the limit that was violated where it has one. */
export function refused({ code, limit }: NonNullable<Execution['reason']>): [what: string, detail: string] {
  return [`refused ${code}`, limit === undefined ? '' : ` (${limit.name} ${limit.value})`]
}
