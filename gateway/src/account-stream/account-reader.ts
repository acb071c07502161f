// One reader of an account's private stream over SSE, from its greeting to its end. It is a cursor into the journal and
// keeps no events: behind the newest one it reads page by page, otherwise it is sent each event as it is published.
// Knows no transport. Opened by account-streams.ts.

import { describeReset, type EndReason, type FeedWire, type Frame, type FrameCodec, planResume } from '@papertape/feed'
import {
  type AccountHeartbeat,
  type AccountHello,
  type AuthExpired,
  type Clock,
  formatPosition,
  HEARTBEAT_MS,
  type Lagging,
  type PrivateEvent,
  type RetryNotice,
} from '@papertape/protocol'
import type { EncodedPrivateEvent, PrivateRange } from '@papertape/venue'
import type { PrivateReader, PrivateStreams } from '../orders/private-streams.ts'
import type { VenuePort } from '../venue-client.ts'

/** Bounds what is written at once. */
const PAGE_EVENTS = 256

export interface AccountReaderDeps {
  readonly venue: VenuePort
  readonly streams: PrivateStreams
  readonly clock: Clock
  readonly privateEpoch: () => string
  /** Of the greeting; a reader that takes nothing for `lagMaxMs` is ended. */
  readonly limits: AccountHello['limits']
  /** A page could not be read: the reader is ended, and resumes when it reconnects. */
  readonly onError: (error: unknown) => void
}

export interface AccountSubscription<Chunk> {
  readonly accountId: string
  /** The position as received; undefined when none was given. */
  readonly last: string | undefined
  readonly codec: FrameCodec<Chunk>
  readonly wire: FeedWire<Chunk>
}

export class AccountReader<Chunk> implements PrivateReader {
  readonly #deps: AccountReaderDeps
  readonly #subscription: AccountSubscription<Chunk>
  /** The newest event of the account, and the last one that was sent. */
  #headSeq = 0
  #sentSeq = 0
  /** Everything was sent and there is room: events are sent as they are published. */
  #isLive = false
  #lastIdMs: number
  #cancelHeartbeat = () => {}
  #cancelStallTimer = () => {}
  #hasEnded = false

  constructor(deps: AccountReaderDeps, subscription: AccountSubscription<Chunk>) {
    this.#deps = deps
    this.#subscription = subscription
    this.#lastIdMs = deps.clock.nowMs()
  }

  /** Sends the greeting and what the position asks for, and goes live. */
  start(): void {
    const { venue, streams } = this.#deps
    const { accountId } = this.#subscription
    // Before the query: none that is published after it is missed.
    streams.join(accountId, this)
    this.#run(async () => {
      const range = await venue.query('privateRange', { accountId })
      if (range === undefined) throw new Error(`account ${accountId} is known by its token but not by its id`)
      if (!this.#hasEnded) await this.#begin(range)
    })
  }

  deliver({ seq, data }: EncodedPrivateEvent): void {
    this.#headSeq = seq
    if (this.#isLive) this.#sendEvents([{ seq, data }])
  }

  fail(error: unknown): void {
    this.#deps.onError(error)
    this.#end('failed')
  }

  /** The connection has gone. */
  close(): void {
    this.#hasEnded = true
    this.#isLive = false
    this.#cancelHeartbeat()
    this.#cancelStallTimer()
    this.#deps.streams.leave(this.#subscription.accountId, this)
  }

  /** Ends the reader and says after how long it should reconnect. */
  drain(retryMs: number): void {
    this.#end('drain', frameOf<RetryNotice>('drain', { retryMs }))
  }

  /** The token that it was opened with opens the account no longer. */
  expire(): void {
    this.#end('drain', frameOf<AuthExpired>('auth-expired', { code: 'bad-token' }))
  }

  async #begin({ oldest, lastSeq }: PrivateRange): Promise<void> {
    const { clock, privateEpoch, limits } = this.#deps
    const { accountId, last } = this.#subscription
    const epoch = privateEpoch()
    this.#headSeq = Math.max(this.#headSeq, lastSeq)
    const plan = planResume(last, { epoch, oldest, head: lastSeq })
    const hello = { accountId, privateEpoch: epoch, lastSeq, oldest, serverTime: this.#serverTime, limits }
    this.#send([frameOf<AccountHello>('hello', { ...hello, heartbeatMs: HEARTBEAT_MS })])
    this.#lastIdMs = clock.nowMs()
    this.#armHeartbeat()
    if (plan.kind === 'resume') this.#sentSeq = plan.afterSeq
    else {
      if (plan.kind === 'reset') this.#send([frameOf('reset', plan.reset)])
      await this.#sendSnapshot()
    }
    await this.#readOn()
  }

  async #sendSnapshot(): Promise<void> {
    const { accountId } = this.#subscription
    const snapshot = await this.#deps.venue.query('account', { accountId })
    if (this.#hasEnded || snapshot === undefined) return
    this.#sentSeq = snapshot.seq
    this.#sendWithId([{ ...frameOf('snapshot', snapshot), id: this.#sentPosition }])
  }

  /** Page by page up to the newest event, while there is room; then it is live. */
  async #readOn(): Promise<void> {
    const { venue } = this.#deps
    const { accountId } = this.#subscription
    while (this.#sentSeq < this.#headSeq && !this.#hasEnded) {
      if (!this.#subscription.wire.hasRoom) {
        this.#waitForRoom()
        return
      }
      const page = await venue.query('privateEvents', { accountId, from: this.#sentSeq + 1, limit: PAGE_EVENTS })
      if (this.#hasEnded) return
      if (page[0]?.seq === this.#sentSeq + 1) this.#sendEvents(page)
      else await this.#reset()
    }
    this.#isLive = !this.#hasEnded
  }

  /** The events that come next are no longer kept. */
  async #reset(): Promise<void> {
    const { venue, privateEpoch } = this.#deps
    const range = await venue.query('privateRange', { accountId: this.#subscription.accountId })
    if (this.#hasEnded || range === undefined) return
    const log = { epoch: privateEpoch(), oldest: range.oldest, head: range.lastSeq }
    this.#send([frameOf('reset', describeReset('expired', this.#sentPosition, log))])
    await this.#sendSnapshot()
  }

  #sendEvents(events: readonly Pick<EncodedPrivateEvent, 'seq' | 'data'>[]): void {
    const { wire } = this.#subscription
    if (!wire.hasRoom) {
      this.#waitForRoom()
      return
    }
    const epoch = this.#deps.privateEpoch()
    const frames = events.map(({ seq, data }) => {
      const { type } = JSON.parse(data) as PrivateEvent
      return { id: formatPosition(epoch, seq), event: type, data }
    })
    this.#sentSeq = events.at(-1)!.seq
    this.#sendWithId(frames)
  }

  #waitForRoom(): void {
    const { clock, limits } = this.#deps
    const sinceMs = clock.nowMs()
    this.#isLive = false
    this.#cancelStallTimer = clock.setTimer(() => {
      const ageMs = Math.floor(clock.nowMs() - sinceMs)
      this.#end('lagging', frameOf<Lagging>('lagging', { ageMs, folded: 0, maxHz: null }))
    }, limits.lagMaxMs)
    this.#subscription.wire.onDrained(() => {
      this.#cancelStallTimer()
      if (!this.#hasEnded) this.#run(() => this.#readOn())
    })
  }

  /** A reader that is sent other frames with an id needs none. */
  #armHeartbeat(): void {
    const { clock } = this.#deps
    const waitMs = Math.max(1, this.#lastIdMs + HEARTBEAT_MS - clock.nowMs())
    this.#cancelHeartbeat = clock.setTimer(() => {
      if (clock.nowMs() - this.#lastIdMs >= HEARTBEAT_MS) this.#beat()
      this.#armHeartbeat()
    }, waitMs)
  }

  /** Nothing while events wait for room: the reader has bytes to read. */
  #beat(): void {
    this.#lastIdMs = this.#deps.clock.nowMs()
    if (!this.#isLive || !this.#subscription.wire.hasRoom) return
    const heartbeat = { lastSeq: this.#headSeq, serverTime: this.#serverTime }
    this.#sendWithId([{ ...frameOf<AccountHeartbeat>('heartbeat', heartbeat), id: this.#sentPosition }])
  }

  get #serverTime(): number {
    return Math.floor(this.#deps.clock.wallMs())
  }

  get #sentPosition(): string {
    return formatPosition(this.#deps.privateEpoch(), this.#sentSeq)
  }

  #sendWithId(frames: readonly Frame[]): void {
    this.#lastIdMs = this.#deps.clock.nowMs()
    this.#send(frames)
  }

  #send(frames: readonly Frame[]): void {
    const { wire, codec } = this.#subscription
    wire.write(codec.encode(frames))
  }

  #end(reason: EndReason, ...last: Frame[]): void {
    if (this.#hasEnded) return
    this.close()
    if (last.length > 0) this.#send(last)
    this.#subscription.wire.end(reason)
  }

  #run(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.fail(error))
  }
}

function frameOf<Data extends object>(event: string, data: Data): Frame {
  return { event, data: JSON.stringify(data) }
}
