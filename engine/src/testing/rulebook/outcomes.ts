// Translates the events of a command into outcomes of the rulebook's language. Uses the names that a case gives its
// orders. Also checks that both sides of a trade and the public trade agree.

import { strict as assert } from 'node:assert'
import type { Execution, FeedEvent, Phase, PrivateEvent, QueueUpdate, Reject, Side, Trade } from '@papertape/protocol'
import { type CaseOutcome, normalizeText } from './language.ts'

/** An order that enters the book: its rest is added after its fills. */
interface Entering {
  readonly who: string
  readonly triggered: boolean
  readonly held: boolean
  readonly size: number
  leavesSize: number
  /** null: it is in no book. */
  aheadSize: number | null
}

/** For one command: outcomes of the market first, then those of orders in the order of the private events. */
export class OutcomeWriter {
  readonly #outcomes: CaseOutcome[] = []
  readonly #nameOf: (orderId: string) => string
  readonly #trades = new Map<number, Trade>()
  /** Of each trade, the fills of each side. */
  readonly #filled = new Map<number, Record<Side, number>>()
  readonly #makers = new Map<number, Execution>()
  /** By orderId. Several may trigger before the first of them enters. */
  readonly #entering = new Map<string, Entering>()

  /** @param nameOf the case's name of an order. */
  constructor(nameOf: (orderId: string) => string) {
    this.#nameOf = nameOf
  }

  /** @param phase of the market before the command. */
  write(
    symbol: string,
    phase: Phase,
    events: readonly FeedEvent[],
    privateEvents: readonly PrivateEvent[],
  ): CaseOutcome[] {
    this.#addMarket(symbol, phase, events)
    for (const event of privateEvents) {
      if (event.type === 'execution') this.#addExecution(event)
      else if (event.type === 'queue') this.#setAhead(event)
    }
    this.#addRests(() => true)
    this.#compareTrades()
    return this.#outcomes
  }

  #addMarket(symbol: string, before: Phase, events: readonly FeedEvent[]): void {
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

  #addExecution(execution: Execution): void {
    const { execType, orderId, size, cumSize, leavesSize, aheadSize, reason } = execution
    const who = this.#nameOf(orderId)
    if (execType === 'partialFill' || execType === 'fill') this.#addFill(execution)
    else if (execType === 'rejected') this.#add(who, ...rejectOutcome(reason!))
    else if (execType === 'canceled' || execType === 'expired') {
      this.#entering.delete(orderId)
      this.#add(who, `${execType} ${size - cumSize}`, reason === undefined ? '' : ` (${reason.code})`)
    } else if (reason?.code === 'list-started') {
      this.#add(who, `starts ${size}`)
      this.#entering.set(orderId, { who, triggered: false, held: false, size, leavesSize, aheadSize })
    } else if (execType === 'replaced' && reason !== undefined) {
      this.#add(who, changeOutcome(execution, reason), ` (${reason.code})`)
      this.#leaves(execution)
    } else {
      const triggered = execType === 'triggered'
      this.#entering.delete(orderId)
      if (triggered) this.#addRests(order => !order.triggered)
      if (execType !== 'new') this.#add(who, execType)
      this.#entering.set(orderId, { who, triggered, held: execution.held === true, size, leavesSize, aheadSize })
    }
  }

  /** The maker's fill comes first; an auction's fills have no maker. */
  #addFill(execution: Execution): void {
    const { tradeId, lastSize, lastPrice, orderId, side, liquidity } = execution
    const filled = this.#filled.get(tradeId!) ?? { buy: 0, sell: 0 }
    this.#filled.set(tradeId!, { ...filled, [side]: filled[side] + lastSize })
    assert.equal(lastPrice, this.#trades.get(tradeId!)?.price, 'the public trade has the price of the fill')
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

  /** The position of an order that waited before is sent at the end of the command. */
  #setAhead({ orderId, aheadSize }: QueueUpdate): void {
    const order = this.#entering.get(orderId)
    if (order !== undefined) order.aheadSize ??= aheadSize
  }

  #addRests(isMeant: (order: Entering) => boolean): void {
    for (const [orderId, order] of this.#entering) {
      const { who, held, size, leavesSize, aheadSize } = order
      if (!isMeant(order)) continue
      this.#entering.delete(orderId)
      if (leavesSize === 0) continue
      const rests = leavesSize === size ? 'rests' : `rests ${leavesSize}`
      if (held) this.#add(who, 'held')
      else if (aheadSize === null) this.#add(who, 'waits')
      else this.#add(who, rests, ` behind ${aheadSize}`)
    }
  }

  #compareTrades(): void {
    for (const [tradeId, { size }] of this.#trades) {
      assert.deepEqual(
        this.#filled.get(tradeId),
        { buy: size, sell: size },
        'both sides have filled the size of the public trade',
      )
    }
    assert.equal(this.#filled.size, this.#trades.size, 'every fill has a public trade')
  }

  #add(who: string, what: string, detail = ''): void {
    this.#outcomes.push({ who, what: normalizeText(what), details: detail === '' ? [] : [normalizeText(detail)] })
  }
}

/** A change of an order by the exchange. */
function changeOutcome({ leavesSize, price, stopPrice }: Execution, { code }: Reject): string {
  if (code === 'self-trade-prevented' || code === 'list-reduced') return `reduced to ${leavesSize}`
  return code === 'stop-trailed' ? `stop ${stopPrice}` : `moved to ${price}`
}

/** A reject, and the limit that was exceeded where it has one. */
export function rejectOutcome({ code, limit }: NonNullable<Execution['reason']>): [what: string, detail: string] {
  return [`refused ${code}`, limit === undefined ? '' : ` (${limit.name} ${limit.value})`]
}
