// Soak of ended orders: sends very many through sequencer and journal on a file, and measures heap, checkpoints and
// restart. Called by soak.ts and a test; uses no network.

import { statSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Command, CommandAnswer, Execution, InstrumentSpec, PlaceOrder } from '@papertape/protocol'
import { recover, Sequencer } from '@papertape/venue'
import { SqliteJournal } from '../journal/sqlite-journal.ts'

const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 1_000 },
]
const ACCOUNTS = 50
const FLUSH_ORDERS = 1_000
const TIME = 1_767_623_400_000
/** So many orders, spread over all, are sent again at the end. */
const SAMPLES = 200

export interface SoakReport {
  readonly orders: number
  readonly ordersPerSecond: number
  /**
   * After a collection: when a quarter of the orders has ended, or at the first checkpoint if that is earlier, and at
   * the end.
   */
  readonly heapMiB: readonly [first: number, last: number]
  readonly checkpoints: number
  /** CPU of a flush that makes one, of the others, and of a restart after a kill, until the exchange is as it was. */
  readonly checkpointMsMax: number
  readonly flushMsMax: number
  readonly restartMs: number
  /** Rows, and the text of the largest. */
  readonly checkpointRowsMax: number
  readonly checkpointBytesMax: number
  readonly fileMiB: number
  /** How many of the orders that were sent again got their first answer, of how many. */
  readonly answeredAgain: readonly [again: number, asked: number]
}

/**
 * @param file of the journal; must not exist yet.
 * @param onProgress called with the number of orders that have ended.
 */
export function soakOrders(count: number, file: string, onProgress: (orders: number) => void = () => {}): SoakReport {
  const market = new Market(file)
  const samples = new Map<string, CommandAnswer>()
  const largest = { checkpoint: 0, flush: 0, rows: 0, bytes: 0 }
  let checkpoints = 0
  let heapFirst = 0
  const startMs = performance.now()
  for (let order = 0; order < count; order++) {
    const answer = market.endOneOrder(order)
    if (order % Math.ceil(count / SAMPLES) === 0) samples.set(`${order}`, answer)
    if ((order + 1) % FLUSH_ORDERS !== 0) continue
    const flushed = market.flush()
    if (flushed.checkpoint === undefined) largest.flush = Math.max(largest.flush, flushed.ms)
    else {
      checkpoints++
      largest.checkpoint = Math.max(largest.checkpoint, flushed.ms)
      largest.rows = Math.max(largest.rows, flushed.checkpoint.rows)
      largest.bytes = Math.max(largest.bytes, flushed.checkpoint.bytes)
      onProgress(order + 1)
    }
    if (heapFirst === 0 && (checkpoints > 0 || order >= count / 4)) heapFirst = heapMiB()
  }
  market.flush()
  const seconds = (performance.now() - startMs) / 1_000
  const heapLast = heapMiB()
  const restartMs = market.restart()
  const again = [...samples].filter(([order, answer]) => market.isAnsweredAgain(Number(order), answer as Execution))
  market.close()
  return {
    orders: count,
    ordersPerSecond: Math.round(count / seconds),
    heapMiB: [heapFirst, heapLast],
    checkpoints,
    checkpointMsMax: Math.round(largest.checkpoint),
    flushMsMax: Math.round(largest.flush),
    checkpointRowsMax: largest.rows,
    checkpointBytesMax: largest.bytes,
    fileMiB: Math.round(statSync(file).size / 2 ** 20),
    restartMs: Math.round(restartMs),
    answeredAgain: [again.length, samples.size],
  }
}

class Market {
  readonly #file: string
  #journal!: SqliteJournal
  #sequencer!: Sequencer
  #ts = TIME * 1_000
  #refs = 0

  constructor(file: string) {
    this.#file = file
    this.restart()
    for (let account = 0; account < ACCOUNTS; account++) {
      const accountId = `account-${account}`
      this.#send({ type: 'account.open', accountId, tokenHash: accountId, cash: 1_000_000 })
    }
  }

  /** Rejected, expired, canceled, bought or sold, in turn. @returns its first answer. */
  endOneOrder(order: number): CommandAnswer {
    const command = orderOf(order)
    if (order % 5 === 3) this.#offer('sell', 1_000)
    if (order % 5 === 4) this.#offer('buy', 1_000)
    const answer = this.#send(command)
    const { accountId, clientOrderId: origClientOrderId } = command
    if (order % 5 === 2) this.#send({ type: 'order.cancel', accountId, origClientOrderId })
    return answer
  }

  flush(): { ms: number; checkpoint?: { rows: number; bytes: number } } {
    const { lastCheckpoint } = this.#sequencer
    const start = process.cpuUsage()
    this.#sequencer.flush(null)
    this.#sequencer.maintain()
    const ms = cpuMs(start)
    if (this.#sequencer.lastCheckpoint === lastCheckpoint) return { ms }
    const { market, rows } = this.#journal.checkpoint('newest')!
    const bytes = rows().reduce((sum, { body }) => sum + body!.length, JSON.stringify(market).length)
    return { ms, checkpoint: { rows: rows().length, bytes } }
  }

  /** As after a kill. @returns the CPU time that it took. */
  restart(): number {
    this.#journal?.close()
    const start = process.cpuUsage()
    this.#journal = new SqliteJournal(this.#file)
    const recovered = recover(this.#journal, INSTRUMENTS)
    const ms = cpuMs(start)
    this.#sequencer = new Sequencer({
      ...recovered,
      journal: this.#journal,
      wallMicros: () => ++this.#ts,
      eventsKept: 10_000,
    })
    return ms
  }

  isAnsweredAgain(order: number, first: Execution): boolean {
    const answer = this.#send({ ...orderOf(order), size: 77 }) as Execution
    return answer.duplicate === true && answer.seq === first.seq && answer.orderId === first.orderId
  }

  close(): void {
    this.#journal.close()
  }

  #offer(side: 'buy' | 'sell', priceTicks: number): void {
    const place = { desk: 0, ref: ++this.#refs, symbol: 'PPR', side, priceTicks, sizeLots: 1 } as const
    this.#send({ type: 'desk.place', ...place, instruction: 'rest' })
  }

  #send(command: Command): CommandAnswer {
    return this.#sequencer.submit(command, TIME)
  }
}

/** Five successive orders are of one account, which sells what it has bought. */
function orderOf(order: number): PlaceOrder {
  const accountId = `account-${Math.floor(order / 5) % ACCOUNTS}`
  const terms = { symbol: 'PPR', orderType: 'limit', timeInForce: 'GTC', postOnly: false, side: 'buy' } as const
  const kinds: readonly Pick<PlaceOrder, 'size' | 'price' | 'side' | 'timeInForce'>[] = [
    { ...terms, size: 5_000_000, price: 9 },
    { ...terms, size: 1, price: 9, timeInForce: 'IOC' },
    { ...terms, size: 1, price: 9 },
    { ...terms, size: 1, price: 10 },
    { ...terms, size: 1, price: 10, side: 'sell' },
  ]
  return { type: 'order.place', accountId, clientOrderId: `order-${order}`, ...terms, ...kinds[order % 5]! }
}

function cpuMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000
}

function heapMiB(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10
}
