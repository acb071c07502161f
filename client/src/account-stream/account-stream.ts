// An account's private stream over SSE: for readers that send no orders. Runs the machine of the feed session with the
// stream's own frames. Its numbers have no holes, so it finds by itself what a connection has swallowed.

import type { AccountHeartbeat, AccountHello, RetryNotice } from '@papertape/protocol'
import { parsePosition } from '@papertape/protocol'
import type { FrameKind } from '../feed/frame-kind.ts'
import { next } from '../feed/session-machine.ts'
import {
  freshness,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  startSession,
} from '../feed/session-state.ts'
import { openSse } from '../feed/transports/sse.ts'
import type { TransportConnection, TransportFrame } from '../feed/transports/transport.ts'
import { runCallback } from '../platform/callback.ts'
import { Deadline } from '../platform/deadline.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { watchPageEvents } from '../platform/page-events.ts'
import { inOrder } from '../platform/state-machine.ts'
import { WallClock } from '../platform/wall-clock.ts'
import type {
  AccountStream,
  AccountStreamMessage,
  AccountStreamSettings,
  AccountStreamState,
} from './account-stream-interface.ts'

/** All others are events of the stream, of whichever type. */
const KINDS: Readonly<Record<string, FrameKind>> = {
  hello: 'hello',
  snapshot: 'snapshot',
  reset: 'reset',
  heartbeat: 'mark',
  lagging: 'control',
  busy: 'control',
  drain: 'control',
  'auth-expired': 'control',
}
const NOTICES: Readonly<Record<string, string>> = {
  busy: 'The service is at its limit',
  drain: 'The service asked to reconnect',
}

export function openAccountStream(options: AccountStreamSettings): AccountStream {
  return new AccountStreamRunner(options, { ...DEFAULT_ENVIRONMENT, ...options.environment })
}

class AccountStreamRunner implements AccountStream {
  readonly #options: AccountStreamSettings
  readonly #environment: Environment
  readonly #deadline: Deadline
  readonly #wallClock: WallClock
  readonly #stopWatching: () => void
  #session: SessionState
  #connection: TransportConnection | undefined
  /** The frame that the machine decides on. */
  #frame: TransportFrame | undefined
  #accountId: string | undefined

  constructor(options: AccountStreamSettings, environment: Environment) {
    this.#options = options
    this.#environment = environment
    this.#wallClock = new WallClock(environment)
    this.#session = startSession('sse', environment.nowMs(), options.last)
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatching = watchPageEvents(why => this.#apply({ type: 'suspected', why }))
    // openAccountStream returns before the first callback.
    queueMicrotask(() => this.#apply({ type: 'start' }))
  }

  get state(): AccountStreamState {
    const { kind, position, deadlineMs, attempts, reason, data } = this.#session
    const nowMs = this.#environment.nowMs()
    return {
      phase: kind === 'idle' ? 'connecting' : kind,
      freshness: freshness(this.#session, nowMs),
      staleSinceMs: this.#wallClock.date(data.staleSinceMs),
      lastEventId: position.last,
      accountId: this.#accountId,
      retryInMs: kind === 'waiting' ? Math.max(0, Math.round(deadlineMs - nowMs)) : undefined,
      attempts,
      reason,
    }
  }

  reconnect(): void {
    this.#apply({ type: 'reconnect' })
  }

  close(): void {
    this.#apply({ type: 'close' })
  }

  #apply(event: SessionEvent): void {
    const nowMs = this.#environment.nowMs()
    for (const one of inOrder(this.#session, event, nowMs)) this.#step(one, nowMs)
  }

  #step(event: SessionEvent, nowMs: number): void {
    const before = this.#session
    const { state, effects } = next(before, event, { nowMs, chance: this.#environment.random() })
    this.#session = state
    for (const effect of effects) this.#run(effect)
    if (state.kind === 'waiting' || state.kind === 'closed') this.#disconnect()
    if (state.kind === 'closed') this.#stopWatching()
    this.#deadline.set(this.#session.deadlineMs)
    const { onState } = this.#options
    if (onState !== undefined && differs(before, state)) runCallback(() => onState.call(this.#options, this.state))
  }

  #run(effect: SessionEffect): void {
    if (effect.type === 'connect') this.#connect(effect.last)
    else if (effect.type === 'disconnect') this.#disconnect()
    else if (effect.type === 'deliver') this.#deliver()
  }

  #disconnect(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  #connect(last: string | undefined): void {
    const { baseUrl = '', token, credentials, tap } = this.#options
    // A closed transport may still report the rest of a chunk.
    const ifCurrent =
      <A extends unknown[]>(handle: (...args: A) => void) =>
      (...args: A) => {
        if (connection === this.#connection) handle(...args)
      }
    const connection = openSse(
      {
        environment: this.#environment,
        baseUrl: baseUrl.replace(/\/+$/, ''),
        path: '/v1/account/stream',
        request: {
          ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
          ...(credentials === undefined ? {} : { credentials }),
        },
        query: new URLSearchParams(),
        last,
        maxHz: undefined,
        needsSnapshot: false,
        tap,
      },
      {
        onBytes: ifCurrent(() => this.#apply({ type: 'received' })),
        onOpen: ifCurrent((heartbeatMs, silenceMaxMs) => this.#apply({ type: 'hello', heartbeatMs, silenceMaxMs })),
        onFrame: ifCurrent(frame => this.#receive(frame)),
        onRetry: ifCurrent(retryMs => this.#apply({ type: 'retryReceived', retryMs })),
        onEnd: ifCurrent(end => this.#apply(end)),
      },
    )
    this.#connection = connection
  }

  #receive(frame: TransportFrame): void {
    const event = frame.event ?? ''
    const kind = KINDS[event] ?? 'durable'
    if (this.#isBeyond(kind, frame)) {
      this.#apply({ type: 'reconnect' })
      return
    }
    if (event === 'hello') this.#accountId = (frame.data as AccountHello).accountId
    this.#frame = frame
    // An account may be quiet for any time: the interval between its events says nothing.
    this.#apply({ type: 'frame', kind, id: frame.id, phaseChange: true })
    this.#frame = undefined
    if (NOTICES[event] !== undefined) {
      const { retryMs } = frame.data as RetryNotice
      this.#apply({ type: 'notice', retryMs, reason: { code: event, text: NOTICES[event] } })
    }
    if (event === 'lagging') this.#apply({ type: 'lagging', ends: true })
    if (event === 'auth-expired') {
      this.#apply({ type: 'refused', reason: { code: 'bad-token', text: 'The token of this stream was revoked' } })
    }
  }

  /** Events before this frame have not arrived: the next connection asks for them. */
  #isBeyond(kind: FrameKind, { data, id }: TransportFrame): boolean {
    const held = this.#session.position.parsed
    const at = parsePosition(id ?? '')
    if (held === undefined || at?.epoch !== held.epoch) return false
    if (kind === 'durable') return at.seq > held.seq + 1
    return kind === 'mark' && (data as AccountHeartbeat).lastSeq > held.seq
  }

  #deliver(): void {
    const { event, data, id } = this.#frame!
    const { onMessage } = this.#options
    const isEvent = KINDS[event!] === undefined
    const type = event === 'snapshot' ? 'account.snapshot' : event
    const message = (isEvent ? data : { type, ...(data as object) }) as AccountStreamMessage
    runCallback(() => onMessage.call(this.#options, message, isEvent || event === 'snapshot' ? id : undefined))
  }
}

function differs(a: SessionState, b: SessionState): boolean {
  return (
    a.kind !== b.kind ||
    a.sinceMs !== b.sinceMs ||
    a.data.received !== b.data.received ||
    a.data.staleSinceMs !== b.data.staleSinceMs ||
    a.attempts !== b.attempts ||
    a.reason !== b.reason
  )
}
