// The commands that wait for their one terminal answer: which are on their way, of which nobody knows what became, which
// may be sent again. It holds no socket: order-channel.ts sends what this table says is due, and reports what came and
// what was lost. What is not final is never reported as final.

import { ERRORS, type ErrorCode, type Execution } from '@papertape/protocol'
import { backoffMs, CHANNEL_BACKOFF, serverRetryMs } from '../platform/backoff.ts'
import { runCallback } from '../platform/callback.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { Environment } from '../platform/environment.ts'

export type ChannelErrorCode =
  | 'closed'
  | 'timeout'
  | 'queue-full'
  | 'connection-lost'
  | 'frame-too-large'
  | 'market-replaced'

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
 * What a lost connection makes of a command that had been sent: `resend` it, since a second time does no harm; `unknown`,
 * since it may have been carried out and a second time could do more; `fail`, since it has no effect that outlives the
 * connection.
 */
export type LossPolicy = 'resend' | 'unknown' | 'fail'

/** The command was sent, and its answer will not come: it may have been carried out, or not. */
export interface UnknownOutcome {
  readonly type: 'unknown'
  readonly code: 'unknown-outcome'
  readonly text: string
}

/** How one command stands before its answer. */
export interface CommandProgress {
  /**
   * `queued`: it cannot have been carried out; `sent`: on its way; `unknown`: it was sent and may have been carried out
   * or not, and the channel goes on asking until it knows.
   */
  readonly status: 'queued' | 'sent' | 'unknown'
  /** How often it has been sent. */
  readonly sends: number
  /** Why it is not answered yet. */
  readonly reason: StatusReason | undefined
}

export interface ChannelCommand {
  readonly type: string
  readonly [field: string]: unknown
}

export interface RequestOptions {
  readonly command: ChannelCommand
  readonly ifLost: LossPolicy
  readonly timeoutMs: number
  readonly onProgress?: ((progress: CommandProgress) => void) | undefined
}

export interface PendingRequest extends RequestOptions {
  readonly requestId: number
  readonly settle: (answer: unknown) => void
  readonly fail: (error: ChannelError) => void
  cancelTimer: () => void
  /** On its way on this connection. */
  inFlight: boolean
  /** It was sent before, and what became of it there is not known. */
  mayHaveRun: boolean
  sends: number
  /** Environment.nowMs at the last sending. */
  sentAt: number
  /** A fault of the server's met it: it is not sent again sooner. */
  notBeforeMs: number
}

/** An answer that asks to come back: the command was refused as it came, or nobody knows. */
interface TryAgain {
  readonly type: 'error'
  readonly code: string
  readonly text: string
  readonly retryMs?: number
}

const UNKNOWN: UnknownOutcome = {
  type: 'unknown',
  code: 'unknown-outcome',
  text: 'The connection was lost before the answer came: look at the open orders before you repeat the command',
}
const LATE: StatusReason = { code: 'late', text: 'No answer yet: it may have been carried out, and is asked for again' }
const LOST: StatusReason = {
  code: 'connection-lost',
  text: 'The connection was lost before the answer: it is asked for again',
}

export class RequestTable {
  readonly #environment: Environment
  readonly #onLate: () => void
  /** In the order they were asked, which is the order they are sent in, again too. */
  readonly #pending = new Map<number, PendingRequest>()
  #lastId = 0

  /** @param onLate a command that will be sent again has had no answer in its time. */
  constructor(environment: Environment, onLate: () => void = () => {}) {
    this.#environment = environment
    this.#onLate = onLate
  }

  /** What is to be sent, in order. */
  get unsent(): PendingRequest[] {
    return [...this.#pending.values()].filter(({ inFlight }) => !inFlight)
  }

  /** Sent at least once, and nobody knows what became of it. */
  get unresolved(): number {
    let count = 0
    for (const { mayHaveRun } of this.#pending.values()) if (mayHaveRun) count++
    return count
  }

  /** When the oldest that is on its way was sent; undefined when none is. */
  get oldestSentAt(): number | undefined {
    let oldest: number | undefined
    for (const { inFlight, sentAt } of this.#pending.values()) {
      if (inFlight && (oldest === undefined || sentAt < oldest)) oldest = sentAt
    }
    return oldest
  }

  /** @throws {ChannelError} queue-full, when `unsentMax` wait to be sent for the first time. */
  add<Answer>(asked: RequestOptions, unsentMax: number): { pending: PendingRequest; answer: Promise<Answer> } {
    if (this.unsent.filter(({ mayHaveRun }) => !mayHaveRun).length >= unsentMax) {
      throw new ChannelError('queue-full', `${unsentMax} commands wait to be sent already`)
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const pending: PendingRequest = {
      ...asked,
      requestId: ++this.#lastId,
      settle: resolve as (answer: unknown) => void,
      fail: reject,
      cancelTimer: () => {},
      inFlight: false,
      mayHaveRun: false,
      sends: 0,
      sentAt: Number.NaN,
      notBeforeMs: 0,
    }
    this.#pending.set(pending.requestId, pending)
    this.#arm(pending)
    return { pending, answer: promise }
  }

  /** It is on the wire from now on. */
  sent(pending: PendingRequest): void {
    pending.inFlight = true
    pending.sends++
    pending.sentAt = this.#environment.nowMs()
    this.#arm(pending)
    this.#report(pending, undefined)
  }

  /**
   * The terminal answer to a command of this table.
   * @returns undefined when that settled it; otherwise it is to be sent again: a command that was refused for the rate,
   * or for being too many, says for how long nothing is to be sent
   */
  answer(requestId: unknown, answer: { readonly type: string }): { refusedForMs: number | undefined } | undefined {
    const pending = this.#pending.get(requestId as number)
    if (pending === undefined) return undefined
    const again = tryAgain(answer, pending)
    if (again === undefined) {
      this.#take(requestId)?.settle(answer)
      return undefined
    }
    // A second copy of an answer: what it answers has gone out again.
    if (!pending.inFlight) return undefined
    const { retryMs = CHANNEL_BACKOFF.leastMs, code, text } = again
    pending.inFlight = false
    if (code === 'internal') {
      pending.mayHaveRun = true
      const growingMs = backoffMs(Math.min(pending.sends, 10), 1, CHANNEL_BACKOFF)
      pending.notBeforeMs = this.#environment.nowMs() + Math.max(growingMs, serverRetryMs(retryMs))
    }
    this.#report(pending, { code, text })
    return { refusedForMs: code === 'internal' ? undefined : serverRetryMs(retryMs) }
  }

  /** An event of the account's private stream: it may be the lost answer to a command that was sent before. */
  resolve(execution: Execution): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.mayHaveRun && isAnswer(execution, pending.command)) this.#take(pending.requestId)?.settle(execution)
    }
  }

  fail(requestId: number, error: ChannelError): void {
    this.#take(requestId)?.fail(error)
  }

  /** The connection is gone: what was on its way is asked for again, or settled as its kind says. */
  lost(): void {
    for (const pending of [...this.#pending.values()]) {
      // The next connection counts its own messages.
      pending.notBeforeMs = 0
      if (!pending.inFlight) continue
      if (pending.ifLost === 'resend') this.#loseSight(pending, LOST)
      else if (pending.ifLost === 'unknown') this.#take(pending.requestId)?.settle(UNKNOWN)
      else this.fail(pending.requestId, new ChannelError('connection-lost', 'The connection was lost'))
    }
  }

  /** No connection will come any more. */
  close(error: ChannelError): void {
    for (const { requestId, ifLost, inFlight, mayHaveRun } of [...this.#pending.values()]) {
      if ((inFlight || mayHaveRun) && ifLost !== 'fail') this.#take(requestId)?.settle(UNKNOWN)
      else this.fail(requestId, error)
    }
  }

  /** Another market is at this address: nothing that was meant for the one before is sent to it. */
  replaceMarket(): void {
    for (const { requestId, command, inFlight, mayHaveRun } of [...this.#pending.values()]) {
      const what =
        inFlight || mayHaveRun
          ? 'it was sent to the one before, and may have been carried out there'
          : 'it was never sent'
      const text = `Another market is at this address now; ${command.type} was meant for the one before: ${what}`
      this.fail(requestId, new ChannelError('market-replaced', text))
    }
  }

  #loseSight(pending: PendingRequest, reason: StatusReason): void {
    pending.inFlight = false
    pending.mayHaveRun = true
    this.#report(pending, reason)
  }

  /** A command that waited too long unsent is taken out, so that a reconnect cannot send an order of minutes ago. */
  #arm(pending: PendingRequest): void {
    pending.cancelTimer()
    const { command, timeoutMs, requestId } = pending
    pending.cancelTimer = this.#environment.setTimer(() => {
      if (pending.ifLost === 'resend' && (pending.inFlight || pending.mayHaveRun)) {
        this.#loseSight(pending, LATE)
        this.#arm(pending)
        this.#onLate()
        return
      }
      const refused = pending.sends > 0 ? 'it was refused for now, and not carried out' : 'it was never sent'
      const state = pending.inFlight ? 'it was sent, and may have been carried out' : refused
      this.fail(requestId, new ChannelError('timeout', `No answer to ${command.type} in ${timeoutMs} ms: ${state}`))
    }, timeoutMs)
  }

  #report({ onProgress, inFlight, mayHaveRun, sends }: PendingRequest, reason: StatusReason | undefined): void {
    if (onProgress === undefined) return
    const status = mayHaveRun ? 'unknown' : inFlight ? 'sent' : 'queued'
    runCallback(() => onProgress({ status, sends, reason }))
  }

  #take(requestId: unknown): PendingRequest | undefined {
    const pending = this.#pending.get(requestId as number)
    if (pending === undefined) return undefined
    this.#pending.delete(pending.requestId)
    pending.cancelTimer()
    return pending
  }
}

/** Errors that are no answer: the command was refused as it came, and may be sent again; or, `internal`, nobody knows. */
function tryAgain(answer: { readonly type: string }, { ifLost }: PendingRequest): TryAgain | undefined {
  if (answer.type !== 'error') return undefined
  const error = answer as TryAgain
  if (!Object.hasOwn(ERRORS, error.code) || ERRORS[error.code as ErrorCode].retry === 'never') return undefined
  return error.code === 'internal' && ifLost !== 'resend' ? undefined : error
}

function isAnswer({ execType, clientOrderId }: Execution, { type, ...command }: ChannelCommand): boolean {
  if (type === 'order.place') return clientOrderId === command.clientOrderId
  if (type === 'order.replace') return execType === 'replaced' && clientOrderId === command.clientOrderId
  return type === 'order.cancel' && execType === 'canceled' && clientOrderId === command.origClientOrderId
}
