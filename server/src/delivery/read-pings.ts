// Pings in band: the pong to one says that the peer has read what was written before it, whatever buffers are in
// between. One is in flight at a time, and none while nothing is written. RFC 6455 5.5.2 obliges a peer to answer.

import type { Clock } from '@papertape/protocol'
import { DeliveryProgress } from './delivery-progress.ts'

/** A peer that keeps up is asked so often; one that was late after each write. */
const PING_EVERY_MS = 1_000
/** After this time another pong stands for the one that is missing. */
const GIVE_UP_MS = 5_000
/** Of the payload, which distinguishes these from heartbeats. */
const PAYLOAD_BYTES = 4

export interface ReadPingsDeps {
  readonly clock: Clock
  ping(payload: Buffer): void
  /** The peer has read enough to be written more. */
  onRoom(): void
}

export class ReadPings {
  readonly #deps: ReadPingsDeps
  readonly #progress = new DeliveryProgress()
  #written = 0
  #pings = 0
  #lastPingMs = Number.NEGATIVE_INFINITY
  /** What had been written before the ping that is not answered. */
  #inFlight: number | undefined
  #isAnswered = false

  constructor(deps: ReadPingsDeps) {
    this.#deps = deps
  }

  /** True of a peer that has never answered: nothing is known of it. */
  get hasRoom(): boolean {
    return !this.#isAnswered || this.#progress.hasRoom(this.#deps.clock.nowMs())
  }

  /** The peer was in time, has read all, and was written nothing for a while: others would find it as it is now. */
  get isIdle(): boolean {
    const { clock } = this.#deps
    return !this.#progress.isBusy && !this.isLate && clock.nowMs() - this.#lastPingMs >= GIVE_UP_MS
  }

  get isLate(): boolean {
    return this.#isAnswered && this.#progress.isOnProbation(this.#deps.clock.nowMs())
  }

  /** The peer is written less than there is for it. */
  stayLate(): void {
    this.#progress.prolongProbation(this.#deps.clock.nowMs())
  }

  /** Called before a write: the first ping is in front of everything, so that its pong does not wait for that. */
  beforeWrite(): void {
    if (this.#pings === 0) this.#ping(this.#deps.clock.nowMs())
  }

  /** Called after each write, and before it leaves: a ping leaves with it. */
  write(bytes: number): void {
    this.#written += bytes
    this.#progress.write(this.#written)
    if (this.#inFlight !== undefined) return
    const nowMs = this.#deps.clock.nowMs()
    if (nowMs - this.#lastPingMs >= PING_EVERY_MS || this.#progress.isOnProbation(nowMs)) this.#ping(nowMs)
  }

  /**
   * The peer has answered a ping, of whichever kind. It need not answer each (RFC 6455 5.5.3): one that answers a
   * later one has read this, too.
   * @returns true when it is the answer to the one of these that was in flight
   */
  pong(payload: Buffer): boolean {
    if (this.#inFlight === undefined) return false
    const nowMs = this.#deps.clock.nowMs()
    const isAnswer = payload.length === PAYLOAD_BYTES && payload.readUInt32BE() === this.#pings
    if (isAnswer || nowMs - this.#lastPingMs >= GIVE_UP_MS) this.#take(this.#inFlight, nowMs)
    return isAnswer
  }

  #take(written: number, nowMs: number): void {
    const asksOn = !this.#isAnswered || this.#progress.isOnProbation(nowMs)
    this.#progress.take(written, nowMs)
    this.#inFlight = undefined
    this.#isAnswered = true
    if (asksOn && this.#progress.isBusy) this.#ping(nowMs)
    if (this.hasRoom) this.#deps.onRoom()
  }

  #ping(nowMs: number): void {
    this.#progress.mark(nowMs)
    this.#inFlight = this.#written
    this.#lastPingMs = nowMs
    this.#pings = (this.#pings + 1) >>> 0
    const payload = Buffer.alloc(PAYLOAD_BYTES)
    payload.writeUInt32BE(this.#pings)
    this.#deps.ping(payload)
  }
}
