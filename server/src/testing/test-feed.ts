// For the feed's tests: a hub of two instruments whose log the test writes, wires that are slow when the test says so, and
// time that the test moves.

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { FeedRequest, InstrumentSpec } from '@papertape/protocol'
import { Feed } from '../feed/feed.ts'
import { FeedLog } from '../feed/feed-log.ts'
import type { EndReason, FeedWire } from '../feed/feed-reader.ts'
import type { Frame, FrameCodec } from '../feed/frame.ts'
import { MarketView } from '../feed/market-view.ts'
import type { EncodedEvent } from '../venue/messages.ts'

const SPECS: readonly InstrumentSpec[] = ['PPR', 'TAPE'].map(symbol => ({
  symbol,
  name: symbol,
  tickUnits: 10_000,
  lotSize: 1,
  priceTicksMax: 64,
  previousCloseTicks: 10,
}))
export const LAG_MAX_MS = 30_000
export const HEARTBEAT_MS = 15_000
export const WALL_MS = 1_767_623_400_000
const KINDS = ['trade', 'book', 'quote', 'book', 'status'] as const
const RAW: FeedRequest = {
  symbols: [],
  events: [...new Set(KINDS)],
  books: [],
  maxHz: null,
  snapshot: true,
  last: undefined,
}
const codec: FrameCodec<readonly Frame[]> = { name: 'test', encode: frames => frames }

/** A wire that takes everything, and says that it has no room while it is slow. */
export class TestWire implements FeedWire<readonly Frame[]> {
  readonly frames: Frame[] = []
  isSlow = false
  /** What was written before has filled it. */
  isFull = false
  ended: EndReason | false = false
  #drained: (() => void) | undefined

  /** As a wire knows it: by what it was given and has not sent. */
  get hasRoom(): boolean {
    return this.#drained === undefined && !this.isFull
  }

  write(chunk: readonly Frame[]): boolean {
    assert.ok(!this.ended, `${chunk[0]?.event} after the end`)
    assert.ok(this.#drained === undefined || chunk[0]?.event === 'lagging' || chunk[0]?.event === 'drain')
    this.frames.push(...chunk)
    return !this.isSlow
  }

  onDrained(callback: () => void): void {
    this.#drained = callback
  }

  end(reason: EndReason): void {
    this.ended = reason
  }

  /** The peer has read what was waiting. */
  drain(): void {
    const callback = this.#drained
    this.#drained = undefined
    this.isFull = false
    callback?.()
  }

  get names(): string[] {
    return this.frames.map(({ event }) => event)
  }

  /** The numbers of the log's own events that came under a position. */
  get seqs(): number[] {
    const durable = this.frames.filter(
      ({ id, event }) => id !== undefined && !['snapshot', 'heartbeat', 'hello'].includes(event),
    )
    return durable.map(({ id }) => Number(id!.split('-')[1]))
  }

  take(): Frame[] {
    return this.frames.splice(0)
  }
}

interface Given {
  /** Events that are in the journal only. */
  readonly old?: number
  readonly eventsKept?: number
  /** What waits for its turn waits for the test to call turn(). */
  readonly hasTurns?: boolean
}

export function createFeed({ old = 0, eventsKept = 1_000_000, hasTurns = false }: Given = {}) {
  const clock = { ms: 1_000 }
  const errors: unknown[] = []
  const written: EncodedEvent[] = []
  const turns: (() => void)[] = []
  const bookSeqs: Record<string, number> = {}
  let head = 0
  const nextEvent = (): EncodedEvent => {
    const seq = ++head
    const event = KINDS[seq % KINDS.length]!
    const symbol = seq % 3 === 0 ? 'TAPE' : 'PPR'
    const stamp = { seq, ts: seq, time: WALL_MS + seq, symbol }
    const data = {
      trade: { ...stamp, tradeId: seq, price: 10, size: 1, aggressor: 'buy' },
      quote: { ...stamp, bid: seq, bidSize: 1, ask: null, askSize: 0 },
      book: { ...stamp, prevSeq: bookSeqs[symbol] ?? 0, changes: [['bid', 1 + (seq % 11), seq % 4]], checksum: 0 },
      status: { ...stamp, phase: 'continuous', reason: null, until: null },
    }[event]
    if (event === 'book') bookSeqs[symbol] = seq
    const encoded = { seq, event, symbol, data: JSON.stringify(data) }
    written.push(encoded)
    return encoded
  }
  const book = { seq: 0, bids: [], asks: [], checksum: 0 }
  const states = SPECS.map(({ symbol }) => ({ symbol, phase: 'continuous' as const, book }))
  const view = new MarketView(SPECS, states)
  for (let i = 0; i < old; i++) view.apply(nextEvent())
  let isBroken = false
  const log = new FeedLog('k3f9', old, 1, eventsKept, async (from, limit) => {
    if (isBroken) throw new Error('the page cannot be read')
    return { oldest: 1, events: written.slice(from - 1, from - 1 + limit) }
  })
  const feed = new Feed({
    log,
    view,
    clock: { nowMs: () => clock.ms, wallMs: () => WALL_MS + clock.ms },
    streamsMax: 3,
    lagMaxMs: LAG_MAX_MS,
    onError: error => errors.push(error),
    defer: run => {
      if (hasTurns) turns.push(run)
      else run()
    },
  })
  const open = (request: Partial<FeedRequest> = {}) => {
    const wire = new TestWire()
    const reader = feed.subscribe({ request: { ...RAW, ...request }, codec }, wire)
    return { wire, reader }
  }
  return {
    feed,
    log,
    clock,
    errors,
    written,
    open,
    publish: (count: number) => feed.publish(Array.from({ length: count }, nextEvent)),
    /** One turn of the event loop: a slice of each queue that has something to do. */
    turn() {
      for (const run of turns.splice(0)) run()
    },
    get isIdle() {
      return turns.length === 0
    },
    breakJournal() {
      isBroken = true
    },
  }
}

/** Time that the test moves, for the feed's clock and its timers alike. */
export function createTimed(t: TestContext, given?: Given) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const hub = createFeed(given)
  const pass = (ms: number) => {
    for (let i = 0; i < ms; i++) {
      hub.clock.ms++
      t.mock.timers.tick(1)
    }
  }
  return { ...hub, pass }
}

export const dataOf = (frame: Frame | undefined) => JSON.parse(frame!.data)
