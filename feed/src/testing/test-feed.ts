// For tests of the feed: a feed of two instruments whose log the test writes, wires that are slow when the test says
// so, and a manual clock.

import assert from 'node:assert/strict'
import type { FeedRequest, InstrumentSpec } from '@papertape/protocol'
import { decodeEvent, type EncodedEvent, ManualClock } from '@papertape/venue'
import type { Frame, FrameCodec } from '../classes/frame.ts'
import { Feed } from '../feed.ts'
import { FeedLog } from '../log/feed-log.ts'
import type { ReadOn } from '../log/gateway-lag.ts'
import type { ConnectionPace } from '../pacing/connection-pace.ts'
import { PacedWire } from '../pacing/paced-wire.ts'
import type { EndReason, FeedWire } from '../readers/feed-reader.ts'
import { FeedView } from '../view/feed-view.ts'

const SPECS: readonly InstrumentSpec[] = ['PPR', 'TAPE'].map(symbol => ({
  symbol,
  name: symbol,
  tickUnits: 10_000,
  lotSize: 1,
  priceTicksMax: 64,
  previousCloseTicks: 10,
}))
export const LAG_MAX_MS = 30_000
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
/** Each frame has so many bytes. */
export const FRAME_BYTES = 100
const cutFrames = (frames: readonly Frame[]) => frames.map(frame => ({ chunk: [frame], bytes: FRAME_BYTES }))
const codec: FrameCodec<readonly Frame[]> = { name: 'test', encode: frames => frames }

/** A wire that takes every chunk, and reports that it has no room when the test says so. */
class TestWire implements FeedWire<readonly Frame[]> {
  readonly frames: Frame[] = []
  writes = 0
  onWrite = () => {}
  /** Takes a chunk, and asks to wait then. */
  fillsUp = false
  isSlow = false
  /** Filled by earlier writes. */
  isFull = false
  ended: EndReason | false = false
  #drained: (() => void) | undefined

  get hasRoom(): boolean {
    return this.#drained === undefined && !this.isFull
  }

  write(chunk: readonly Frame[]): boolean {
    assert.ok(!this.ended, `${chunk[0]?.event} after the end`)
    assert.ok(this.#drained === undefined || chunk[0]?.event === 'lagging' || chunk[0]?.event === 'drain')
    this.frames.push(...chunk)
    this.writes++
    this.onWrite()
    return !this.fillsUp
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

  /** The numbers of the log's events that were sent under a position. */
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

/** A manual clock that runs timers without delay at once, or in turns of the event loop that the test makes. */
class TurnClock extends ManualClock {
  readonly #hasTurns: boolean
  #turns: (() => void)[] = []

  constructor(hasTurns: boolean) {
    super(WALL_MS + 1_000, 1_000)
    this.#hasTurns = hasTurns
  }

  get isIdle(): boolean {
    return this.#turns.length === 0
  }

  override setTimer(callback: () => void, delayMs: number): () => void {
    if (delayMs > 0) return super.setTimer(callback, delayMs)
    if (this.#hasTurns) this.#turns.push(callback)
    else callback()
    return () => {}
  }

  turn(): void {
    const turns = this.#turns
    this.#turns = []
    for (const run of turns) run()
  }
}

interface Given {
  /** Events that are in the journal only. */
  readonly old?: number
  readonly eventsKept?: number
  readonly streamsMax?: number
  /** Tasks run when the test calls turn(); at once otherwise. */
  readonly hasTurns?: boolean
  /** None otherwise. */
  readonly chunkGapMs?: number
  readonly classReadersMax?: number
  readonly readOn?: ReadOn
}

export function createFeed({
  old = 0,
  eventsKept = 1_000_000,
  streamsMax = 3,
  hasTurns = false,
  chunkGapMs = 0,
  classReadersMax = 1_024,
  readOn,
}: Given = {}) {
  const clock = new TurnClock(hasTurns)
  const errors: unknown[] = []
  const written: EncodedEvent[] = []
  const bookSeqs: Record<string, number> = {}
  let head = 0
  const nextEvent = (): EncodedEvent => {
    const seq = ++head
    const event = KINDS[seq % KINDS.length]!
    const symbol = seq % 3 === 0 ? 'TAPE' : 'PPR'
    const stamp = { seq, ts: clock.wallMs() * 1_000, time: WALL_MS + seq, symbol }
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
  const view = new FeedView(SPECS, states)
  for (let i = 0; i < old; i++) view.apply(decodeEvent(nextEvent()))
  let isBroken = false
  const log = new FeedLog('k3f9', old, 1, eventsKept, async (from, limit) => {
    if (isBroken) throw new Error('the page cannot be read')
    return { oldest: 1, events: written.slice(from - 1, from - 1 + limit) }
  })
  const feed = new Feed({
    log,
    view,
    clock,
    streamsMax,
    lagMaxMs: LAG_MAX_MS,
    chunkGapMs,
    classReadersMax,
    readOn,
    onError: error => errors.push(error),
  })
  const open = (request: Partial<FeedRequest> = {}, pace?: ConnectionPace) => {
    const wire = new TestWire()
    const paced = pace === undefined ? wire : new PacedWire(wire, pace, cutFrames)
    const reader = feed.subscribe({ request: { ...RAW, ...request }, codec }, paced)
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
    /** One turn of the event loop: a slice of each queue with tasks. */
    turn: () => clock.turn(),
    get isIdle() {
      return clock.isIdle
    },
    pass: (ms: number) => clock.pass(ms),
    breakJournal() {
      isBroken = true
    },
  }
}

export const dataOf = (frame: Frame | undefined) => JSON.parse(frame!.data)
