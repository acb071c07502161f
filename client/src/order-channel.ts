// The order channel: the one socket, the one timer and the request table around the pure machine in channel-machine.ts.
// Commands become promises of their terminal answer; a refusal is such an answer. It folds nothing (account-view.ts does).

import {
  type ControlEvent,
  type ErrorCode,
  type FeedEvent,
  FRAME_BYTES_MAX,
  HEARTBEAT_MS,
  type Snapshot,
  SUBPROTOCOL,
} from '@papertape/protocol'
import * as machine from './channel-machine.ts'
import type * as words from './channel-words.ts'
import { Deadline } from './deadline.ts'
import { callOut, type Environment, PLATFORM, type Reason, watchReturns } from './environment.ts'
import { createPrivateReader, type PrivateReader, privateSeq } from './private-reader.ts'
import { messageOf } from './problem.ts'
import { ChannelError, type Command, type IfLost, type Pending, RequestTable } from './request-table.ts'
import { Subscriptions } from './subscriptions.ts'

export interface ChannelOptions {
  /** `ws://host/v1/socket`; the page's own origin when absent. */
  readonly url?: string
  /** The account's; when absent the cookie of the page's origin says who it is. */
  readonly token?: string
  /** false: no logon, for feed subscriptions alone. */
  readonly logon?: boolean
  readonly cancelOnDisconnect?: 'none' | 'connection' | 'account'
  /** A session to take over, from an earlier channel's `session`. */
  readonly session?: ChannelSession
  /** How often the server speaks at least; 15 s when absent. */
  readonly heartbeatMs?: number
  /** How long a command may take, the wait for a connection included; 10 s when absent. */
  readonly timeoutMs?: number
  /** Commands that may wait for the connection; 32 when absent. */
  readonly queueMax?: number
  onState?(state: ChannelState): void
  /** Everything the server says, answers to commands included, except the feed's frames. */
  onMessage?(message: words.OutboundMessage): void
  readonly WebSocket?: SocketConstructor
  readonly environment?: Partial<Environment>
}

/** The part of WebSocket that is used; browsers' and Node's own, or the `ws` package's. */
export type SocketConstructor = new (url: string, protocols: string) => Socket
export interface Socket {
  readonly readyState: number
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(code?: number, reason?: string): void
}

/** What a later connection needs to go on with the session. */
export interface ChannelSession {
  readonly sessionId: string
  /** The first private event that has not been seen. */
  readonly nextSeq: number | undefined
}

export type ChannelPhase = 'connecting' | 'loggingOn' | 'ready' | 'waiting' | 'closed'
export interface ChannelState {
  readonly phase: ChannelPhase
  readonly sinceMs: number
  readonly lastArrivalMs: number | undefined
  readonly retryInMs: number | undefined
  readonly attempts: number
  /** Open, but silent for too long: a ping is out. */
  readonly doubtful: boolean
  readonly reason: Reason | undefined
  readonly accountId: string | undefined
  readonly sessionId: string | undefined
  /** Whether the last logon took up where the one before had stopped. */
  readonly resumed: boolean
  /** Of the last ping; undefined before the first. */
  readonly roundTripMs: number | undefined
  readonly serverTimeOffsetMs: number | undefined
}

export interface OrderChannel {
  readonly state: ChannelState
  readonly session: ChannelSession | undefined
  /** Sent again by itself after a reconnect: the server knows the clientOrderId, and never makes a second order. */
  place(order: words.PlaceFields): Promise<words.PlaceAnswer>
  replace(change: words.ReplaceFields): Promise<words.ChangeAnswer>
  cancel(origClientOrderId: string): Promise<words.ChangeAnswer>
  cancelAll(filter?: words.CancelAllFields): Promise<words.CountAnswer>
  /** Asks for the private events from this seq on; they come as messages. */
  resend(from: number, to?: number): Promise<words.CountAnswer>
  /** @returns round-trip milliseconds */
  ping(): Promise<number>
  /** The feed on this socket: resumed by itself after a reconnect, each id once. The same name again changes it. */
  subscribe(
    params: words.SubscribeFields,
    handler: (event: FeedEvent | ControlEvent, id: string | undefined) => void,
  ): Promise<words.SubscribeAnswer>
  unsubscribe(subscription: string): Promise<words.SubscribeAnswer>
  reconnect(): void
  /** Logs out and closes, for good. */
  close(): void
  /** Closes for good without a logout: another channel may take `session` over. */
  leave(): void
}

/** @throws {TypeError} without a url where there is no page to take it from. */
export function openOrderChannel(options: ChannelOptions = {}): OrderChannel {
  return new Channel(options, { ...PLATFORM, ...options.environment })
}

class Channel implements OrderChannel {
  readonly #options: ChannelOptions
  readonly #url: string
  readonly #environment: Environment
  readonly #requests: RequestTable
  readonly #subscriptions: Subscriptions
  readonly #private: PrivateReader
  readonly #deadline: Deadline
  readonly #stopWatching: () => void
  #machine: machine.ChannelMachine
  #socket: Socket | undefined
  #logon: words.LogonOk | undefined
  #roundTripMs: number | undefined
  #serverTimeOffsetMs: number | undefined

  constructor(options: ChannelOptions, environment: Environment) {
    this.#options = options
    this.#url = options.url ?? pageSocketUrl()
    this.#environment = environment
    this.#requests = new RequestTable(environment, options.queueMax ?? 32)
    this.#subscriptions = new Subscriptions((command, ifLost) => this.#ask(command, ifLost))
    this.#private = createPrivateReader(options.session?.nextSeq)
    const { logon = true, heartbeatMs = HEARTBEAT_MS } = options
    this.#machine = machine.startChannel(logon, heartbeatMs, environment.now())
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatching = watchReturns(() => this.#apply({ type: 'doubted' }))
    // The caller holds the channel before its first callback comes.
    queueMicrotask(() => this.#apply({ type: 'start' }))
  }

  get session(): ChannelSession | undefined {
    const sessionId = this.#logon?.sessionId ?? this.#options.session?.sessionId
    return sessionId === undefined ? undefined : { sessionId, nextSeq: this.#private.nextSeq }
  }

  get state(): ChannelState {
    const { kind, sinceMs, lastArrivalMs, deadlineMs, attempts, doubtful, reason } = this.#machine
    return {
      phase: kind === 'idle' ? 'connecting' : kind,
      sinceMs,
      lastArrivalMs,
      retryInMs: kind === 'waiting' ? Math.max(0, (deadlineMs ?? 0) - this.#environment.now()) : undefined,
      attempts,
      doubtful,
      reason,
      accountId: this.#logon?.accountId,
      sessionId: this.#logon?.sessionId,
      resumed: this.#logon?.resumed ?? false,
      roundTripMs: this.#roundTripMs,
      serverTimeOffsetMs: this.#serverTimeOffsetMs,
    }
  }

  place(order: words.PlaceFields): Promise<words.PlaceAnswer> {
    return this.#ask({ ...order, type: 'order.place' }, 'resend')
  }

  replace(change: words.ReplaceFields): Promise<words.ChangeAnswer> {
    return this.#ask({ ...change, type: 'order.replace' }, 'unknown')
  }

  cancel(origClientOrderId: string): Promise<words.ChangeAnswer> {
    return this.#ask({ type: 'order.cancel', origClientOrderId }, 'unknown')
  }

  cancelAll(filter: words.CancelAllFields = {}): Promise<words.CountAnswer> {
    return this.#ask({ ...filter, type: 'order.cancelAll' }, 'unknown')
  }

  resend(from: number, to?: number): Promise<words.CountAnswer> {
    return this.#ask(to === undefined ? { type: 'resend', from } : { type: 'resend', from, to }, 'fail')
  }

  async ping(): Promise<number> {
    let asked: Pending | undefined
    await this.#ask({ type: 'ping' }, 'fail', pending => {
      asked = pending
    })
    const roundTripMs = this.#environment.precise() - asked!.sentAt
    this.#roundTripMs = roundTripMs
    return roundTripMs
  }

  subscribe(
    params: words.SubscribeFields,
    handler: (event: FeedEvent | ControlEvent, id: string | undefined) => void,
  ): Promise<words.SubscribeAnswer> {
    if (this.#machine.kind === 'closed') return Promise.reject(this.#closedError())
    return this.#subscriptions.add(params, handler, this.#machine.kind === 'ready')
  }

  unsubscribe(subscription: string): Promise<words.SubscribeAnswer> {
    this.#subscriptions.remove(subscription)
    return this.#ask({ type: 'unsubscribe', subscription }, 'fail')
  }

  reconnect(): void {
    this.#apply({ type: 'reconnect' })
  }

  close(): void {
    this.#apply({ type: 'close' })
  }

  leave(): void {
    this.#apply({ type: 'leave' })
  }

  async #ask<Answer>(command: Command, ifLost: IfLost, onAdded?: (pending: Pending) => void): Promise<Answer> {
    if (this.#machine.kind === 'closed') throw this.#closedError()
    if (new TextEncoder().encode(JSON.stringify(command)).length > FRAME_BYTES_MAX - 64) {
      throw new ChannelError('frame-too-large', `A command may take ${FRAME_BYTES_MAX} bytes at most`)
    }
    const { pending, answer } = this.#requests.add<Answer>(command, ifLost, this.#options.timeoutMs ?? 10_000)
    onAdded?.(pending)
    if (this.#machine.kind === 'ready') this.#sendPending(pending)
    return answer
  }

  #closedError(): ChannelError {
    return new ChannelError('closed', this.#machine.reason?.text ?? 'The channel has been closed')
  }

  #sendPending(pending: Pending): void {
    pending.sent = true
    pending.sentAt = this.#environment.precise()
    this.#send({ ...pending.command, requestId: pending.requestId })
  }

  #send(message: Command): void {
    this.#socket?.send(JSON.stringify(message))
  }

  #apply(event: machine.ChannelEvent): void {
    const before = this.#machine
    const { state, effects } = machine.next(before, event, {
      nowMs: this.#environment.now(),
      chance: this.#environment.random(),
    })
    this.#machine = state
    for (const { type } of effects) this.#run(type)
    if (state.kind !== before.kind || state.sinceMs !== before.sinceMs) this.#afterChange(before, state)
    this.#deadline.set(this.#machine.deadlineMs)
    if (state.kind !== before.kind || state.sinceMs !== before.sinceMs || state.doubtful !== before.doubtful) {
      const { onState } = this.#options
      if (onState !== undefined) callOut(() => onState.call(this.#options, this.state))
    }
  }

  #afterChange(before: machine.ChannelMachine, after: machine.ChannelMachine): void {
    if (before.kind === 'ready') this.#requests.lost()
    if (after.kind === 'waiting' || after.kind === 'closed') this.#socket = undefined
    if (after.kind === 'ready') {
      this.#subscriptions.sendAll()
      // Those that were asked first, orders that are sent again among them, go first.
      for (const pending of this.#requests.unsent) this.#sendPending(pending)
    }
    if (after.kind === 'closed') {
      this.#stopWatching()
      this.#requests.close(this.#closedError())
      this.#subscriptions.close(this.#closedError())
    }
  }

  #run(effect: machine.ChannelEffect['type']): void {
    if (effect === 'connect') this.#connect()
    else if (effect === 'disconnect') this.#disconnect()
    else if (effect === 'logon') this.#send(this.#logonCommand())
    else if (effect === 'logout') this.#send({ type: 'logout' })
    else this.#send({ type: 'ping' })
  }

  #logonCommand(): Command {
    const { token, heartbeatMs, cancelOnDisconnect } = this.#options
    const { sessionId, nextSeq } = this.session ?? {}
    const fields = { token, sessionId, nextSeq, heartbeatMs, cancelOnDisconnect }
    // JSON leaves out what is undefined, and so does the wire.
    return { type: 'logon', requestId: 'logon', ...fields }
  }

  #connect(): void {
    const { WebSocket: Constructor = globalThis.WebSocket as SocketConstructor } = this.#options
    const socket = new Constructor(this.#url, SUBPROTOCOL)
    this.#socket = socket
    const ifOwn =
      <E>(take: (event: E) => void) =>
      (event: E) => {
        if (socket === this.#socket) take(event)
      }
    socket.onopen = ifOwn(() => this.#apply({ type: 'opened' }))
    socket.onmessage = ifOwn(({ data }: { data: unknown }) => this.#receive(data))
    socket.onclose = ifOwn(({ code, reason }: { code: number; reason: string }) =>
      this.#apply({ type: 'lost', code, text: reason }),
    )
    // The close that follows it says what can be known; browsers tell pages nothing more.
    socket.onerror = () => {}
  }

  #disconnect(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.close(1000)
  }

  #receive(data: unknown): void {
    this.#apply({ type: 'received' })
    let message: words.OutboundMessage
    try {
      message = JSON.parse(String(data)) as words.OutboundMessage
    } catch (error) {
      // Going on would mean to have missed something; the next connection resumes exactly.
      this.#disconnect()
      this.#apply({ type: 'lost', code: 1006, text: `A frame is not JSON: ${messageOf(error)}` })
      return
    }
    if (message.type === 'event') {
      this.#receiveFeed(message)
      return
    }
    this.#note(message)
    if ('requestId' in message && message.requestId !== undefined) this.#requests.answer(message.requestId, message)
    const { onMessage } = this.#options
    if (onMessage !== undefined) callOut(() => onMessage.call(this.#options, message))
  }

  #receiveFeed(message: words.FeedMessage): void {
    const id = message.event === 'snapshot' ? (message.data as Snapshot).id : message.id
    const event = { event: message.event, data: message.data } as FeedEvent | ControlEvent
    const handler = this.#subscriptions.take(message.subscription, event, id)
    if (handler !== undefined) callOut(() => handler(event, id))
  }

  /** What the channel itself must know of a message, before anybody is told. */
  #note(message: words.OutboundMessage): void {
    switch (message.type) {
      case 'welcome':
      case 'heartbeat':
        this.#serverTimeOffsetMs = message.serverTime - this.#environment.now()
        break
      case 'logon.ok':
        this.#logon = message
        this.#private.resume(message)
        this.#apply({ type: 'loggedOn' })
        break
      case 'logon.reject':
        this.#apply({ type: 'logonRejected', reason: { code: message.code, text: message.text } })
        break
      case 'notice':
        this.#apply({ type: 'notice', retryMs: message.retryMs, reason: noticeReason(message.code) })
        break
      case 'account.snapshot':
        this.#private.reset(message.seq)
        break
      default:
        // Alerts, and kinds that are newer than this client, take a number of the private stream too.
        this.#private.see(privateSeq(message))
    }
  }
}

const noticeReason = (code: ErrorCode): Reason => ({ code, text: 'The server asked to come back later' })

function pageSocketUrl(): string {
  if (typeof location === 'undefined') throw new TypeError('Outside of a page openOrderChannel needs a url')
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/socket`
}
