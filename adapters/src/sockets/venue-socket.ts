// One WebSocket of a venue's stream, held to the limits of the order channel: the rate of its messages, a time to log
// on, one message after the other. What a message means is the stream's; a fault of ours ends this connection alone.

import { CodedError, RateLimit, ViolationWindow } from '@papertape/gateway'
import type { ChannelLimits, Clock } from '@papertape/protocol'
import type { AdapterConnection, AdapterSocket } from '../adapter.ts'

/** As on the order channel. */
const MALFORMED_MAX = 5
const OVER_RATE_MAX = 50
const VIOLATION_WINDOW_MS = 10_000
const QUEUED_MAX = 32

/** What a venue's stream does with the messages of its client. */
export interface VenueStream {
  /** False until the client has logged on, or has subscribed where no logon is needed. */
  readonly isInUse: boolean
  /** Greets the client, and logs on by what the handshake had. */
  open(): void | Promise<void>
  /** @throws {CodedError} answered by refuse(). */
  handle(data: string | Uint8Array): void | Promise<void>
  refuse(error: CodedError): void
  /** Neither logged on nor subscribed in time. */
  refuseIdle(): void
  release(): void
}

export interface VenueSocketDeps {
  readonly clock: Clock
  readonly limits: ChannelLimits
  readonly onError: (error: unknown) => void
}

export class VenueSocket implements AdapterSocket {
  readonly #deps: VenueSocketDeps
  readonly #connection: AdapterConnection
  readonly #stream: VenueStream
  readonly #rate: RateLimit
  readonly #malformed = new ViolationWindow(MALFORMED_MAX, VIOLATION_WINDOW_MS)
  readonly #overRate = new ViolationWindow(OVER_RATE_MAX, VIOLATION_WINDOW_MS)
  /** Messages are handled in the order they came, each completely before the next. */
  #turn: Promise<void>
  #queued = 0
  #cancelIdleTimer = () => {}

  constructor(deps: VenueSocketDeps, connection: AdapterConnection, stream: VenueStream) {
    const { clock, limits } = deps
    this.#deps = deps
    this.#connection = connection
    this.#stream = stream
    this.#rate = new RateLimit(limits.commandsPerSecond, limits.burst, clock.nowMs())
    this.#watchIdle()
    this.#turn = this.#guard(() => stream.open())
  }

  receive(data: string | Uint8Array): void {
    if (this.#connection.isEnding) return
    const retryMs = this.#rate.take(this.#deps.clock.nowMs())
    if (retryMs > 0) {
      const { commandsPerSecond, burst } = this.#deps.limits
      const limit = `at most ${commandsPerSecond} messages a second on a connection, ${burst} at once`
      this.#stream.refuse(new CodedError('rate-limited', limit, retryMs))
      this.#countOverRate()
      return
    }
    if (++this.#queued === QUEUED_MAX) this.#connection.pause()
    this.#turn = this.#turn.then(async () => {
      if (!this.#connection.isEnding) await this.#guard(() => this.#stream.handle(data))
      if (--this.#queued === QUEUED_MAX / 2 && !this.#connection.isEnding) this.#connection.resume()
    })
  }

  receiveControlFrame(): void {
    if (this.#rate.take(this.#deps.clock.nowMs()) > 0) this.#countOverRate()
  }

  release(): void {
    this.#cancelIdleTimer()
    this.#stream.release()
  }

  #countOverRate(): void {
    if (this.#overRate.add(this.#deps.clock.nowMs())) this.#connection.closeFlood('tooManyMessages')
  }

  #watchIdle(): void {
    const { clock, limits } = this.#deps
    this.#cancelIdleTimer = clock.setTimer(() => {
      if (this.#stream.isInUse) {
        this.#watchIdle()
        return
      }
      this.#stream.refuseIdle()
      this.#connection.close('logonOverdue')
    }, limits.logonWaitMs)
  }

  async #guard(work: () => void | Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof CodedError) this.#refuse(error)
      else {
        this.#deps.onError(error)
        this.#connection.close('internalError')
      }
    }
  }

  #refuse(error: CodedError): void {
    this.#stream.refuse(error)
    const isMalformed = error.code === 'bad-json' || error.code === 'bad-request'
    if (isMalformed && this.#malformed.add(this.#deps.clock.nowMs())) this.#connection.closeFlood('malformedMessages')
  }
}
