// The commands that wait for their one terminal answer: which have been sent, which may be sent again, how long each may
// take. It holds no socket: order-channel.ts sends what this table says is unsent, and tells it what came and what was lost.

import type { Environment } from './environment.ts'

export type ChannelErrorCode = 'closed' | 'timeout' | 'queue-full' | 'connection-lost' | 'frame-too-large'

/** No answer will come. What the exchange says, a refusal too, is a value and never one of these. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError'
  readonly code: ChannelErrorCode

  constructor(code: ChannelErrorCode, text: string) {
    super(`${code}: ${text}`)
    this.code = code
  }
}

/**
 * What a lost connection makes of a command that had been sent: `resend` it, since the server knows it again; `unknown`,
 * since it may have been carried out; `fail`, since it has no effect that outlives the connection.
 */
export type IfLost = 'resend' | 'unknown' | 'fail'

/** The command was sent, and the connection was lost before its answer came: it may have been carried out, or not. */
export interface UnknownOutcome {
  readonly type: 'unknown'
  readonly code: 'unknown-outcome'
  readonly text: string
}

export interface Command {
  readonly type: string
  readonly [field: string]: unknown
}

export interface Pending {
  readonly requestId: number
  readonly command: Command
  readonly ifLost: IfLost
  readonly settle: (answer: unknown) => void
  readonly fail: (error: ChannelError) => void
  readonly cancelTimer: () => void
  sent: boolean
  /** Environment.precise at the last sending. */
  sentAt: number
}

const UNKNOWN: UnknownOutcome = {
  type: 'unknown',
  code: 'unknown-outcome',
  text: 'The connection was lost before the answer came: look at the open orders before you repeat the command',
}

export class RequestTable {
  readonly #environment: Environment
  readonly #unsentMax: number
  /** In the order they were asked, which is the order they are sent in, again too. */
  readonly #pending = new Map<number, Pending>()
  #lastId = 0

  constructor(environment: Environment, unsentMax: number) {
    this.#environment = environment
    this.#unsentMax = unsentMax
  }

  get unsent(): Pending[] {
    return [...this.#pending.values()].filter(({ sent }) => !sent)
  }

  /** @throws {ChannelError} queue-full, when too many are waiting to be sent. */
  add<Answer>(command: Command, ifLost: IfLost, timeoutMs: number): { pending: Pending; answer: Promise<Answer> } {
    if (this.unsent.length >= this.#unsentMax) {
      throw new ChannelError('queue-full', `${this.#unsentMax} commands wait for the connection already`)
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const requestId = ++this.#lastId
    // A command that waited too long is taken out, so that a reconnect cannot send an order of minutes ago.
    const cancelTimer = this.#environment.setTimer(() => {
      const state = pending.sent ? 'it was sent, and may have been carried out' : 'it was never sent'
      this.fail(requestId, new ChannelError('timeout', `No answer to ${command.type} in ${timeoutMs} ms: ${state}`))
    }, timeoutMs)
    const settle = resolve as (answer: unknown) => void
    const pending: Pending = {
      requestId,
      command,
      ifLost,
      settle,
      fail: reject,
      cancelTimer,
      sent: false,
      sentAt: Number.NaN,
    }
    this.#pending.set(requestId, pending)
    return { pending, answer: promise }
  }

  /** The terminal answer to a command of this table. */
  answer(requestId: unknown, answer: unknown): void {
    this.#take(requestId)?.settle(answer)
  }

  fail(requestId: number, error: ChannelError): void {
    this.#take(requestId)?.fail(error)
  }

  /** The connection is gone: what was sent and not answered is told, or becomes unsent again. */
  lost(): void {
    for (const pending of [...this.#pending.values()]) {
      if (!pending.sent) continue
      if (pending.ifLost === 'resend') pending.sent = false
      else if (pending.ifLost === 'unknown') this.answer(pending.requestId, UNKNOWN)
      else this.fail(pending.requestId, new ChannelError('connection-lost', 'The connection was lost'))
    }
  }

  /** No connection will come any more. */
  close(error: ChannelError): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.sent && pending.ifLost === 'unknown') this.answer(pending.requestId, UNKNOWN)
      else this.fail(pending.requestId, error)
    }
  }

  #take(requestId: unknown): Pending | undefined {
    const pending = this.#pending.get(requestId as number)
    if (pending === undefined) return undefined
    this.#pending.delete(pending.requestId)
    pending.cancelTimer()
    return pending
  }
}
