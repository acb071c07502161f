// The commands that wait for their one final answer: which are in flight, whose outcome is unknown, which may be sent
// again. Owns no socket: command-sender.ts sends what is due, order-channel.ts reports answers and losses. What is not
// final is never reported as final.

import { type Clock, type Execution, isOpen, type Outbound, retryAfterError } from '@papertape/protocol'
import { backoffMs, CHANNEL_BACKOFF, serverRetryMs } from '../platform/backoff.ts'
import { runCallback } from '../platform/callback.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import { OrderNames } from './order-names.ts'

export type ChannelErrorCode =
  | 'closed'
  | 'timeout'
  | 'queue-full'
  | 'connection-lost'
  | 'frame-too-large'
  | 'market-replaced'

/** There will be no answer. An answer of the exchange, including a refusal, is a value and never one of these. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError'
  readonly code: ChannelErrorCode

  constructor(code: ChannelErrorCode, text: string) {
    super(`${code}: ${text}`)
    this.code = code
  }
}

/**
 * What happens to a command in flight when its connection is lost: `resend` sends it again, which has no second effect;
 * `unknown` resolves it as unknown, since a second one could have another effect; `fail` rejects it, since it has no
 * effect beyond its connection.
 */
export type LossPolicy = 'resend' | 'unknown' | 'fail'

/** The command was sent and its answer was lost: it may have been carried out or not. */
export interface UnknownOutcome {
  readonly type: 'unknown'
  readonly code: 'unknown-outcome'
  readonly text: string
}

/** The status of a command before its answer. */
export interface CommandProgress {
  /**
   * `queued`: it was not carried out; `sent`: in flight; `unknown`: it was sent and may have been carried out or not,
   * and the channel repeats it until the outcome is known.
   */
  readonly status: 'queued' | 'sent' | 'unknown'
  /** How often it was sent. */
  readonly sends: number
  /** Why there is no answer yet. */
  readonly reason: StatusReason | undefined
}

export interface ChannelCommand {
  readonly type: string
  readonly [field: string]: unknown
}

interface RequestOptions {
  readonly command: ChannelCommand
  readonly ifLost: LossPolicy
  readonly timeoutMs: number
  readonly onProgress?: ((progress: CommandProgress) => void) | undefined
}

export interface PendingRequest extends RequestOptions {
  readonly requestId: number
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: ChannelError) => void
  cancelTimer: () => void
  /** Sent on this connection and not answered. */
  inFlight: boolean
  /** It was sent before, and its outcome there is not known. */
  mayHaveRun: boolean
  sends: number
  /** Clock.nowMs when it was last sent. */
  sentAtMs: number
  /** Not sent again before this time, after an internal error of the server. */
  notBeforeMs: number
}

/** An answer after which the command is repeated: it was refused for now, or its outcome is not known. */
interface RepeatableError {
  readonly type: 'error'
  readonly code: string
  readonly text: string
  readonly retryMs?: number
}

const UNKNOWN: UnknownOutcome = {
  type: 'unknown',
  code: 'unknown-outcome',
  text: 'The connection was lost before the answer: look at the open orders before you repeat it',
}
const LATE: StatusReason = { code: 'late', text: 'No answer yet: it may have been carried out, and is sent again' }
const LOST: StatusReason = {
  code: 'connection-lost',
  text: 'The connection was lost before the answer: it is sent again',
}

export class RequestTable {
  readonly #clock: Clock
  readonly #onLate: () => void
  /** In the order they were added, which is the order they are sent in, also when repeated. */
  readonly #pending = new Map<number, PendingRequest>()
  readonly names = new OrderNames()
  #lastId = 0

  /** @param onLate a command that will be repeated was not answered in time */
  constructor(clock: Clock, onLate: () => void = () => {}) {
    this.#clock = clock
    this.#onLate = onLate
  }

  /** To be sent, in order. */
  get unsent(): PendingRequest[] {
    return [...this.#pending.values()].filter(({ inFlight }) => !inFlight)
  }

  /** Count of commands that were sent and whose outcome is not known. */
  get unresolved(): number {
    let count = 0
    for (const { mayHaveRun } of this.#pending.values()) if (mayHaveRun) count++
    return count
  }

  /** When the oldest command in flight was sent; undefined when none is. */
  get oldestSentAtMs(): number | undefined {
    let oldest: number | undefined
    for (const { inFlight, sentAtMs } of this.#pending.values()) {
      if (inFlight && (oldest === undefined || sentAtMs < oldest)) oldest = sentAtMs
    }
    return oldest
  }

  /** @throws {ChannelError} queue-full, when `unsentMax` commands wait to be sent for the first time */
  add<Answer>(options: RequestOptions, unsentMax: number): { pending: PendingRequest; answer: Promise<Answer> } {
    if (this.unsent.filter(({ mayHaveRun }) => !mayHaveRun).length >= unsentMax) {
      throw new ChannelError('queue-full', `${unsentMax} commands already wait to be sent`)
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const pending: PendingRequest = {
      ...options,
      requestId: ++this.#lastId,
      resolve: resolve as (answer: unknown) => void,
      reject,
      cancelTimer: () => {},
      inFlight: false,
      mayHaveRun: false,
      sends: 0,
      sentAtMs: Number.NaN,
      notBeforeMs: 0,
    }
    this.#pending.set(pending.requestId, pending)
    this.#startTimer(pending)
    return { pending, answer: promise }
  }

  markSent(pending: PendingRequest): void {
    pending.inFlight = true
    pending.sends++
    pending.sentAtMs = this.#clock.nowMs()
    this.#startTimer(pending)
    this.#report(pending, undefined)
  }

  /**
   * An answer to a command of this table. A change that was sent again before it was refused may yet be carried out:
   * only the last refusal is final.
   * @returns undefined when it is final; else the command is repeated, and after a refusal for the rate or the number
   * of commands nothing is sent for `refusedForMs`; one that is refused for a place in the feed holds up no other
   */
  answer(sentId: unknown, answer: { readonly type: string }): { refusedForMs: number | undefined } | undefined {
    const pending = this.#pending.get(Number.parseInt(sentId as string, 10))
    if (pending === undefined) return undefined
    if (answer.type === 'cancel.reject' && sentId !== sentIdOf(pending)) return undefined
    const repeat = repeatable(answer, pending.ifLost)
    if (repeat === undefined) {
      this.#remove(pending.requestId)?.resolve(answer)
      return undefined
    }
    // A repeated answer: the command was sent again since.
    if (!pending.inFlight) return undefined
    const { retryMs = CHANNEL_BACKOFF.leastMs, code, text } = repeat
    pending.inFlight = false
    if (code === 'internal') {
      pending.mayHaveRun = true
      const growingMs = backoffMs(Math.min(pending.sends, 10), 1, CHANNEL_BACKOFF)
      pending.notBeforeMs = this.#clock.nowMs() + Math.max(growingMs, serverRetryMs(retryMs))
    }
    this.#report(pending, { code, text })
    if (code === 'busy') pending.notBeforeMs = this.#clock.nowMs() + serverRetryMs(retryMs)
    return { refusedForMs: code === 'internal' || code === 'busy' ? undefined : serverRetryMs(retryMs) }
  }

  /** An event of the private stream: without a requestId it may be the lost answer to one command sent before. */
  receiveExecution(execution: Outbound<'execution'>): void {
    this.names.learn(execution)
    if (execution.requestId === undefined) {
      // An execution answers one command: another cancel of the same order is sent again, and refused.
      const answered = [...this.#pending.values()].find(
        ({ mayHaveRun, command }) => mayHaveRun && this.#isAnswer(execution, command),
      )
      this.#remove(answered?.requestId)?.resolve(execution)
    }
    if (!isOpen(execution.orderStatus)) this.names.forget(execution.orderId)
  }

  fail(requestId: number, error: ChannelError): void {
    this.#remove(requestId)?.reject(error)
  }

  /** The connection was lost: commands in flight are repeated or settled, by their loss policy. */
  connectionLost(): void {
    for (const pending of [...this.#pending.values()]) {
      // The next connection has a limit of its own.
      pending.notBeforeMs = 0
      if (!pending.inFlight) continue
      if (pending.ifLost === 'resend') this.#markUnknown(pending, LOST)
      else if (pending.ifLost === 'unknown') this.#remove(pending.requestId)?.resolve(UNKNOWN)
      else this.fail(pending.requestId, new ChannelError('connection-lost', 'The connection was lost'))
    }
  }

  /** The channel is closed; there is no next connection. */
  close(error: ChannelError): void {
    for (const { requestId, ifLost, inFlight, mayHaveRun } of [...this.#pending.values()]) {
      if ((inFlight || mayHaveRun) && ifLost !== 'fail') this.#remove(requestId)?.resolve(UNKNOWN)
      else this.fail(requestId, error)
    }
  }

  /** Another market is at this address: commands for the market of before are not sent to it. */
  replaceMarket(): void {
    for (const { requestId, command, inFlight, mayHaveRun } of [...this.#pending.values()]) {
      const what = inFlight || mayHaveRun ? 'it may have been carried out there' : 'it was never sent'
      const text = `Another market is at this address now; ${command.type} was for the one before: ${what}`
      this.fail(requestId, new ChannelError('market-replaced', text))
    }
    this.names.clear()
  }

  #isAnswer({ execType, clientOrderId, orderId }: Execution, { type, ...command }: ChannelCommand): boolean {
    if (type === 'order.place') return clientOrderId === command.clientOrderId
    if (type === 'order.replace') return execType === 'replaced' && clientOrderId === command.clientOrderId
    if (type !== 'order.cancel' || execType !== 'canceled') return false
    // It may have been replaced since it had this clientOrderId.
    return orderId === this.names.orderIdOf(command.origClientOrderId as string)
  }

  #markUnknown(pending: PendingRequest, reason: StatusReason): void {
    pending.inFlight = false
    pending.mayHaveRun = true
    this.#report(pending, reason)
  }

  /** A command that was not sent in time is removed, so that a reconnect cannot send an order of minutes ago. */
  #startTimer(pending: PendingRequest): void {
    pending.cancelTimer()
    const { command, timeoutMs, requestId } = pending
    pending.cancelTimer = this.#clock.setTimer(() => {
      if (pending.ifLost === 'resend' && (pending.inFlight || pending.mayHaveRun)) {
        this.#markUnknown(pending, LATE)
        this.#startTimer(pending)
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

  #remove(requestId: unknown): PendingRequest | undefined {
    const pending = this.#pending.get(requestId as number)
    if (pending === undefined) return undefined
    this.#pending.delete(pending.requestId)
    pending.cancelTimer()
    return pending
  }
}

/** Errors that are not final: the command was refused for now; or, `internal`, its outcome is not known. */
function repeatable(answer: { readonly type: string }, ifLost: LossPolicy): RepeatableError | undefined {
  if (answer.type !== 'error') return undefined
  const error = answer as RepeatableError
  if ((retryAfterError(error.code) ?? 'never') === 'never') return undefined
  return error.code === 'internal' && ifLost !== 'resend' ? undefined : error
}

/** What a command was sent with last: each time it has another one. */
export function sentIdOf({ requestId, sends }: PendingRequest): number | string {
  return sends < 2 ? requestId : `${requestId}/${sends}`
}
