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
import { CHANNEL_BACKOFF } from '../platform/backoff.ts'
import { runCallback } from '../platform/callback.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import { Deadline } from '../platform/deadline.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { watchPageEvents } from '../platform/page-events.ts'
import { ServerClock } from '../platform/server-clock.ts'
import { WallClock } from '../platform/wall-clock.ts'
import { messageOf } from '../rest/problem.ts'
import type {
  ChannelOptions,
  ChannelSession,
  ChannelState,
  CommandOptions,
  OrderChannel,
  Socket,
  SocketConstructor,
} from './channel-interface.ts'
import * as machine from './channel-machine.ts'
import type * as words from './channel-messages.ts'
import { CommandSender } from './command-sender.ts'
import { FeedSubscriptions } from './feed-subscriptions.ts'
import { createPrivateStreamPosition, type PrivateStreamPosition, privateSeq } from './private-stream-position.ts'
import {
  type ChannelCommand,
  ChannelError,
  type LossPolicy,
  type PendingRequest,
  type RequestTable,
} from './request-table.ts'

/** @throws {TypeError} without a url where there is no page to take it from. */
export function openOrderChannel(options: ChannelOptions = {}): OrderChannel {
  return new Channel(options, { ...DEFAULT_ENVIRONMENT, ...options.environment })
}

class Channel implements OrderChannel {
  readonly #options: ChannelOptions
  readonly #url: string
  readonly #environment: Environment
  readonly #sender: CommandSender
  readonly #requests: RequestTable
  readonly #subscriptions: FeedSubscriptions
  readonly #deadline: Deadline
  readonly #serverClock: ServerClock
  readonly #wallClock: WallClock
  readonly #stopWatching: () => void
  #machine: machine.ChannelMachineState
  #private: PrivateStreamPosition
  #socket: Socket | undefined
  /** To go on with, until the first logon. */
  #earlier: ChannelSession | undefined
  #epoch: string | undefined
  #logon: words.LogonOk | undefined
  /** The last logon asked to go on from a number of the private stream. */
  #namedSeq = false
  #roundTripMs: number | undefined
  #unresolved = 0

  constructor(options: ChannelOptions, environment: Environment) {
    this.#options = options
    this.#url = options.url ?? socketUrl(options.baseUrl ?? '')
    this.#environment = environment
    this.#sender = new CommandSender(environment, {
      maySend: () => this.#maySend,
      send: message => this.#send(message),
      lastArrivalMs: () => this.#machine.lastArrivalMs,
      onDoubt: () => this.#doubt(),
    })
    this.#requests = this.#sender.requests
    this.#subscriptions = new FeedSubscriptions((command, ifLost) => this.#ask(command, ifLost))
    this.#earlier = options.session
    this.#epoch = options.session?.epoch
    this.#private = createPrivateStreamPosition(options.session?.nextSeq)
    this.#serverClock = new ServerClock(environment)
    this.#wallClock = new WallClock(environment)
    const { logon = true, heartbeatMs = HEARTBEAT_MS } = options
    this.#machine = machine.startChannel(logon, heartbeatMs, environment.nowMs())
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatching = watchPageEvents(why => this.#apply({ type: 'suspected', why }))
    // The caller holds the channel before its first callback comes.
    queueMicrotask(() => this.#apply({ type: 'start' }))
  }

  get session(): ChannelSession | undefined {
    const sessionId = this.#logon?.sessionId ?? this.#earlier?.sessionId
    return sessionId === undefined ? undefined : { sessionId, nextSeq: this.#private.nextSeq, epoch: this.#epoch }
  }

  get state(): ChannelState {
    const { kind, sinceMs, lastArrivalMs, deadlineMs, attempts, doubtful, reason, doubtfulSinceMs } = this.#machine
    const nowMs = this.#environment.nowMs()
    return {
      phase: kind === 'idle' ? 'connecting' : kind,
      freshness: machine.freshness(this.#machine, nowMs),
      doubtfulSinceMs: this.#wallClock.date(doubtfulSinceMs),
      sinceMs: this.#wallClock.date(sinceMs),
      lastArrivalMs: this.#wallClock.date(lastArrivalMs),
      retryInMs: kind === 'waiting' ? Math.max(0, Math.round((deadlineMs ?? 0) - nowMs)) : undefined,
      attempts,
      doubtful,
      reason,
      unresolved: this.#requests.unresolved,
      epoch: this.#epoch,
      accountId: this.#logon?.accountId,
      sessionId: this.#logon?.sessionId,
      resumed: this.#logon?.resumed ?? false,
      roundTripMs: this.#roundTripMs,
      serverTimeOffsetMs: this.#serverClock.offsetMs,
    }
  }

  place(order: words.PlaceFields, options?: CommandOptions): Promise<words.PlaceAnswer> {
    return this.#ask({ ...order, type: 'order.place' }, 'resend', options)
  }

  replace(change: words.ReplaceFields, options?: CommandOptions): Promise<words.ChangeAnswer> {
    return this.#ask({ ...change, type: 'order.replace' }, 'resend', options)
  }

  cancel(origClientOrderId: string, options?: CommandOptions): Promise<words.ChangeAnswer> {
    return this.#ask({ type: 'order.cancel', origClientOrderId }, 'resend', options)
  }

  /** A second time it could cancel what was placed in between. */
  cancelAll(filter: words.CancelAllFields = {}): Promise<words.CountAnswer> {
    return this.#ask({ ...filter, type: 'order.cancelAll' }, 'unknown')
  }

  resend(from: number, to?: number): Promise<words.CountAnswer> {
    return this.#ask(to === undefined ? { type: 'resend', from } : { type: 'resend', from, to }, 'fail')
  }

  async ping(): Promise<number> {
    let asked: PendingRequest | undefined
    await this.#ask({ type: 'ping' }, 'fail', {}, pending => {
      asked = pending
    })
    const roundTripMs = this.#environment.nowMs() - asked!.sentAt
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

  async #ask<Answer>(
    command: ChannelCommand,
    ifLost: LossPolicy,
    { onProgress }: CommandOptions = {},
    onAdded?: (pending: PendingRequest) => void,
  ): Promise<Answer> {
    if (this.#machine.kind === 'closed') throw this.#closedError()
    if (new TextEncoder().encode(JSON.stringify(command)).length > FRAME_BYTES_MAX - 64) {
      throw new ChannelError('frame-too-large', `A command may take ${FRAME_BYTES_MAX} bytes at most`)
    }
    const { queueMax = 32, timeoutMs = 10_000 } = this.#options
    const unsentMax = this.#maySend ? THROTTLED_MAX : queueMax
    const { pending, answer } = this.#requests.add<Answer>({ command, ifLost, timeoutMs, onProgress }, unsentMax)
    onAdded?.(pending)
    this.#sender.flush()
    return answer
  }

  #closedError(): ChannelError {
    return new ChannelError('closed', this.#machine.reason?.text ?? 'The channel has been closed')
  }

  get #maySend(): boolean {
    return this.#machine.kind === 'ready' && this.#machine.caughtUp
  }

  #doubt(): void {
    this.#apply({ type: 'suspected', why: 'unanswered' })
    this.#sender.flush()
    this.#reportUnresolved()
  }

  #reportUnresolved(): void {
    if (this.#unresolved !== this.#requests.unresolved) this.#reportState()
  }

  #reportState(): void {
    this.#unresolved = this.#requests.unresolved
    const { onState } = this.#options
    if (onState !== undefined) runCallback(() => onState.call(this.#options, this.state))
  }

  #send(message: ChannelCommand): void {
    this.#socket?.send(JSON.stringify(message))
  }

  #apply(event: machine.ChannelEvent): void {
    const nowMs = this.#environment.nowMs()
    for (const one of machine.inOrder(this.#machine, event, nowMs)) this.#step(one, nowMs)
  }

  #step(event: machine.ChannelEvent, nowMs: number): void {
    const before = this.#machine
    const { state, effects } = machine.next(before, event, { nowMs, chance: this.#environment.random() })
    this.#machine = state
    for (const { type } of effects) this.#run(type)
    if (state.kind !== before.kind || state.sinceMs !== before.sinceMs) this.#afterChange(before, state)
    this.#deadline.set(this.#machine.deadlineMs)
    if (differs(before, state)) this.#reportState()
    if (state.caughtUp && !before.caughtUp) this.#sender.flush()
  }

  #afterChange(before: machine.ChannelMachineState, after: machine.ChannelMachineState): void {
    if (before.kind === 'ready') this.#requests.lost()
    if (after.kind === 'waiting' || after.kind === 'closed') this.#socket = undefined
    if (after.kind === 'ready') this.#subscriptions.sendAll()
    if (after.kind === 'closed') {
      this.#stopWatching()
      this.#sender.stop()
      this.#requests.close(this.#closedError())
      this.#subscriptions.close(this.#closedError())
    }
  }

  #run(effect: machine.ChannelEffect['type']): void {
    if (effect === 'connect') this.#connect()
    else if (effect === 'disconnect') this.#disconnect()
    else this.#sender.sendNow(effect === 'logon' ? this.#logonCommand() : { type: effect })
  }

  #logonCommand(): ChannelCommand {
    const { token, heartbeatMs, cancelOnDisconnect } = this.#options
    const { sessionId, nextSeq } = this.session ?? {}
    this.#namedSeq = nextSeq !== undefined
    const fields = { token, sessionId, nextSeq, heartbeatMs, cancelOnDisconnect }
    // JSON leaves out what is undefined, and so does the wire.
    return { type: 'logon', requestId: 'logon', ...fields }
  }

  #connect(): void {
    const { WebSocket: Constructor = globalThis.WebSocket as SocketConstructor } = this.#options
    const socket = new Constructor(this.#url, SUBPROTOCOL)
    this.#socket = socket
    this.#sender.begin()
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
    if ('requestId' in message && message.requestId !== undefined) this.#sender.answer(message.requestId, message)
    else if (message.type === 'execution') this.#requests.resolve(message)
    const { onMessage } = this.#options
    if (onMessage !== undefined) runCallback(() => onMessage.call(this.#options, message))
    // Only now: what was lost may have been answered by what was missed.
    this.#catchUp()
    this.#reportUnresolved()
  }

  #catchUp(): void {
    const { kind, caughtUp } = this.#machine
    if (kind !== 'ready' || caughtUp || this.#logon === undefined) return
    if ((this.#private.nextSeq ?? 0) > this.#logon.lastSeq) this.#apply({ type: 'caughtUp' })
  }

  /** @param epoch of the public log, or of the private stream, which is of the same market. */
  #replaceMarket(): void {
    this.#logon = undefined
    this.#earlier = undefined
    this.#private = createPrivateStreamPosition()
    this.#requests.replaceMarket()
  }

  #receiveFeed(message: words.FeedMessage): void {
    const id = message.event === 'snapshot' ? (message.data as Snapshot).id : message.id
    const event = { event: message.event, data: message.data } as FeedEvent | ControlEvent
    const handler = this.#subscriptions.receive(message.subscription, event, id)
    if (handler !== undefined) runCallback(() => handler(event, id))
  }

  /** What the channel itself must know of a message, before anybody is told. */
  #note(message: words.OutboundMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#serverClock.learn(message.serverTime, true)
        this.#sender.setLimits(message.limits)
        this.#learnEpoch(message.epoch)
        break
      case 'heartbeat':
        this.#serverClock.learn(message.serverTime, false)
        break
      case 'logon.ok':
        this.#logOn(message)
        break
      case 'logon.reject': {
        const { code, text, retryMs } = message
        this.#apply({ type: 'logonRejected', reason: { code, text }, retryMs })
        break
      }
      case 'error':
        // What 4429 is waited out by.
        if (message.retryMs !== undefined) {
          const reason = { code: message.code, text: message.text }
          this.#apply({ type: 'notice', retryMs: Math.max(message.retryMs, CHANNEL_BACKOFF.leastMs), reason })
        }
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

  #learnEpoch(epoch: string): void {
    if (epoch === this.#epoch) return
    const before = this.#epoch
    this.#epoch = epoch
    if (before !== undefined) this.#replaceMarket()
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, epoch, before))
  }

  #logOn(logon: words.LogonOk): void {
    if (logon.limits !== undefined) this.#sender.setLimits(logon.limits)
    const { epoch } = this.#private
    if (epoch !== undefined && epoch !== logon.privateEpoch) this.#replaceMarket()
    this.#private.resume(logon)
    this.#logon = logon
    // The logon named a number of the stream before this one: without it the whole account comes.
    if (this.#namedSeq && logon.resumed && this.#private.nextSeq === undefined) this.#apply({ type: 'reconnect' })
    else this.#apply({ type: 'loggedOn' })
  }
}

/** Commands that may wait for the pace of a connection that is ready. */
const THROTTLED_MAX = 1_000

function differs(a: machine.ChannelMachineState, b: machine.ChannelMachineState): boolean {
  return (
    a.kind !== b.kind ||
    a.sinceMs !== b.sinceMs ||
    a.doubtful !== b.doubtful ||
    a.caughtUp !== b.caughtUp ||
    a.doubtfulSinceMs !== b.doubtfulSinceMs
  )
}

const noticeReason = (code: ErrorCode): StatusReason => ({ code, text: 'The server asked to come back later' })

function socketUrl(baseUrl: string): string {
  const path = `${baseUrl.replace(/\/+$/, '')}/v1/socket`
  const page = typeof location === 'undefined' ? undefined : location.href
  if (page === undefined && !/^https?:/.test(path)) {
    throw new TypeError('Outside of a page openOrderChannel needs a url, or a baseUrl with scheme and host')
  }
  return new URL(path, page).href.replace(/^http/, 'ws')
}
