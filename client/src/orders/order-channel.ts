// The order channel: one socket, one timer and the request table around the pure machine in channel-machine.ts.
// Commands become promises of their final answer; a refusal is an answer too. Computes no views (views/account-view.ts
// does).

import {
  type ControlEvent,
  type ErrorCode,
  type FeedEvent,
  FRAME_BYTES_MAX,
  HEARTBEAT_MS,
  retryAfterError,
  type Snapshot,
  SUBPROTOCOL,
} from '@papertape/protocol'
import { CHANNEL_BACKOFF } from '../platform/backoff.ts'
import { runCallback } from '../platform/callback.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import { Deadline } from '../platform/deadline.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { reportFrame, type TappedFrame } from '../platform/frame-tap.ts'
import { watchPageEvents } from '../platform/page-events.ts'
import { ServerClock } from '../platform/server-clock.ts'
import { inOrder } from '../platform/state-machine.ts'
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
import { next } from './channel-machine.ts'
import {
  type ChannelEffect,
  type ChannelEvent,
  type ChannelMachineState,
  freshness,
  startChannel,
} from './channel-machine-state.ts'
import type * as messages from './channel-messages.ts'
import { ChannelSessionState } from './channel-session.ts'
import { CommandSender } from './command-sender.ts'
import { type FeedHandler, FeedSubscriptions } from './feed-subscriptions.ts'
import { MessageReader, type ReadMessage } from './message-reader.ts'
import {
  type ChannelCommand,
  ChannelError,
  type LossPolicy,
  type PendingRequest,
  type RequestTable,
} from './request-table.ts'
import type { JoinOptions, RoomAnswer, RoomHandler, SayOptions } from './room-interface.ts'
import { RoomMemberships } from './room-memberships.ts'

/** Commands that may wait for the throttle of a connection that is ready. */
const THROTTLED_MAX = 1_000
const TIMEOUT_MS = 10_000
/** Room for the requestId that is added to a command. */
const REQUEST_ID_BYTES = 64

/** @throws {TypeError} without a url where there is no page to take it from */
export function openOrderChannel(options: ChannelOptions = {}): OrderChannel {
  return new OrderChannelRunner(options, { ...DEFAULT_ENVIRONMENT, ...options.environment })
}

class OrderChannelRunner implements OrderChannel {
  readonly #options: ChannelOptions
  readonly #url: string
  readonly #environment: Environment
  readonly #sender: CommandSender
  readonly #requests: RequestTable
  readonly #subscriptions: FeedSubscriptions
  readonly #rooms: RoomMemberships
  readonly #session: ChannelSessionState
  readonly #deadline: Deadline
  readonly #serverClock: ServerClock
  readonly #wallClock: WallClock
  readonly #stopWatching: () => void
  #machine: ChannelMachineState
  #socket: Socket | undefined
  #reader = new MessageReader()
  #roundTripMs: number | undefined
  /** As last reported. */
  #unresolved = 0

  constructor(options: ChannelOptions, environment: Environment) {
    this.#options = options
    this.#url = options.url ?? socketUrl(options.baseUrl ?? '')
    this.#environment = environment
    this.#sender = new CommandSender(environment, {
      canSend: () => this.#canSend,
      send: message => this.#send(message),
      lastArrivalMs: () => this.#machine.lastArrivalMs,
      onUnanswered: () => this.#suspectConnection(),
    })
    this.#requests = this.#sender.requests
    this.#subscriptions = new FeedSubscriptions((command, ifLost) => this.#request(command, ifLost))
    this.#rooms = new RoomMemberships({
      clock: environment,
      random: () => environment.random(),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      request: command => this.#request(command, 'fail'),
    })
    this.#session = new ChannelSessionState(options.session)
    this.#serverClock = new ServerClock(environment)
    this.#wallClock = new WallClock(environment)
    const { logon = true, heartbeatMs = HEARTBEAT_MS } = options
    this.#machine = startChannel(logon, heartbeatMs, environment.nowMs())
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatching = watchPageEvents(why => this.#apply({ type: 'suspected', why }))
    // openOrderChannel returns before the first callback.
    queueMicrotask(() => this.#apply({ type: 'start' }))
  }

  get session(): ChannelSession | undefined {
    return this.#session.session
  }

  get state(): ChannelState {
    const { kind, sinceMs, lastArrivalMs, deadlineMs, attempts, reason, account } = this.#machine
    const { logon, epoch } = this.#session
    const nowMs = this.#environment.nowMs()
    return {
      phase: kind === 'idle' ? 'connecting' : kind,
      freshness: freshness(this.#machine, nowMs),
      staleSinceMs: this.#wallClock.date(account.staleSinceMs),
      sinceMs: this.#wallClock.date(sinceMs),
      lastArrivalMs: this.#wallClock.date(lastArrivalMs),
      retryInMs: kind === 'waiting' ? Math.max(0, Math.round((deadlineMs ?? 0) - nowMs)) : undefined,
      attempts,
      silent: isPinged(this.#machine),
      reason,
      unresolved: this.#requests.unresolved,
      epoch,
      accountId: logon?.accountId,
      sessionId: logon?.sessionId,
      resumed: logon?.resumed ?? false,
      roundTripMs: this.#roundTripMs,
      serverTimeOffsetMs: this.#serverClock.offsetMs,
    }
  }

  place(order: messages.PlaceFields, options?: CommandOptions): Promise<messages.PlaceAnswer> {
    return this.#request({ ...order, type: 'order.place' }, 'resend', options)
  }

  replace(change: messages.ReplaceFields, options?: CommandOptions): Promise<messages.ChangeAnswer> {
    return this.#request({ ...change, type: 'order.replace' }, 'resend', options)
  }

  cancel(origClientOrderId: string, options?: CommandOptions): Promise<messages.ChangeAnswer> {
    return this.#request({ type: 'order.cancel', origClientOrderId }, 'resend', options)
  }

  /** Never repeated: a second one could cancel orders that were placed after the first. */
  cancelAll(filter: messages.CancelAllFields = {}): Promise<messages.CountAnswer> {
    return this.#request({ ...filter, type: 'order.cancelAll' }, 'unknown')
  }

  cancelAllAfter(timeoutMs: number): Promise<messages.CountAnswer> {
    return this.#request({ type: 'order.cancelAllAfter', timeoutMs }, 'resend')
  }

  resend(from: number, to?: number): Promise<messages.CountAnswer> {
    return this.#request(to === undefined ? { type: 'resend', from } : { type: 'resend', from, to }, 'fail')
  }

  async ping(): Promise<number> {
    let request: PendingRequest | undefined
    await this.#request({ type: 'ping' }, 'fail', {}, pending => {
      request = pending
    })
    const roundTripMs = this.#environment.nowMs() - request!.sentAtMs
    this.#roundTripMs = roundTripMs
    return roundTripMs
  }

  subscribe(params: messages.SubscribeFields, handler: FeedHandler): Promise<messages.SubscribeAnswer> {
    if (this.#machine.kind === 'closed') return Promise.reject(this.#closedError())
    return this.#subscriptions.add(params, handler, this.#machine.kind === 'ready')
  }

  unsubscribe(subscription: string): Promise<messages.SubscribeAnswer> {
    this.#subscriptions.remove(subscription)
    return this.#request({ type: 'unsubscribe', subscription }, 'fail')
  }

  joinRoom(room: string, handler: RoomHandler, options: JoinOptions = {}): Promise<RoomAnswer> {
    if (this.#machine.kind === 'closed') return Promise.reject(this.#closedError())
    return this.#rooms.join(room, handler, options, this.#machine.kind === 'ready')
  }

  leaveRoom(room: string): Promise<void> {
    return this.#rooms.leave(room, this.#machine.kind === 'ready')
  }

  say(room: string, text: string, options: SayOptions = {}): Promise<RoomAnswer> {
    if (this.#machine.kind === 'closed') return Promise.reject(this.#closedError())
    return this.#rooms.say(room, text, options)
  }

  typing(room: string): void {
    this.#rooms.typing(room)
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

  async #request<Answer>(
    command: ChannelCommand,
    ifLost: LossPolicy,
    { onProgress }: CommandOptions = {},
    onAdded?: (pending: PendingRequest) => void,
  ): Promise<Answer> {
    if (this.#machine.kind === 'closed') throw this.#closedError()
    if (new TextEncoder().encode(JSON.stringify(command)).length > FRAME_BYTES_MAX - REQUEST_ID_BYTES) {
      throw new ChannelError('frame-too-large', `A command may have at most ${FRAME_BYTES_MAX} bytes`)
    }
    const { queueMax = 32, timeoutMs = TIMEOUT_MS } = this.#options
    const unsentMax = this.#canSend ? THROTTLED_MAX : queueMax
    const { pending, answer } = this.#requests.add<Answer>({ command, ifLost, timeoutMs, onProgress }, unsentMax)
    onAdded?.(pending)
    this.#sender.flush()
    return answer
  }

  #closedError(): ChannelError {
    return new ChannelError('closed', this.#machine.reason?.text ?? 'The channel was closed')
  }

  get #canSend(): boolean {
    return this.#machine.kind === 'ready' && this.#machine.caughtUp
  }

  #suspectConnection(): void {
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

  #apply(event: ChannelEvent): void {
    const nowMs = this.#environment.nowMs()
    for (const one of inOrder(this.#machine, event, nowMs)) this.#step(one, nowMs)
  }

  #step(event: ChannelEvent, nowMs: number): void {
    const before = this.#machine
    const { state, effects } = next(before, event, { nowMs, chance: this.#environment.random() })
    this.#machine = state
    for (const { type } of effects) this.#run(type)
    if (state.kind !== before.kind || state.sinceMs !== before.sinceMs) this.#afterChange(before, state)
    this.#deadline.set(this.#machine.deadlineMs)
    if (differs(before, state)) this.#reportState()
    if (isCaughtUp(state) && !isCaughtUp(before)) this.#sender.flush()
  }

  #afterChange(before: ChannelMachineState, after: ChannelMachineState): void {
    if (before.kind === 'ready') {
      this.#requests.connectionLost()
      this.#rooms.connectionLost()
    }
    if (after.kind === 'waiting' || after.kind === 'closed') this.#socket = undefined
    if (after.kind === 'ready') {
      this.#subscriptions.sendAll()
      this.#rooms.sendAll()
    }
    if (after.kind === 'closed') {
      this.#stopWatching()
      this.#sender.stop()
      this.#requests.close(this.#closedError())
      this.#subscriptions.close(this.#closedError())
      this.#rooms.close(this.#closedError())
    }
  }

  #run(effect: ChannelEffect['type']): void {
    if (effect === 'connect') this.#connect()
    else if (effect === 'disconnect') this.#disconnect()
    else this.#sender.sendNow(effect === 'logon' ? this.#logonCommand() : { type: effect })
  }

  #logonCommand(): ChannelCommand {
    const { token, heartbeatMs, cancelOnDisconnect, graceMs } = this.#options
    // JSON leaves undefined fields out.
    const fields = { token, ...this.#session.startLogon(), heartbeatMs, cancelOnDisconnect, graceMs }
    return { type: 'logon', requestId: 'logon', ...fields }
  }

  #connect(): void {
    const { WebSocket: Constructor = globalThis.WebSocket as SocketConstructor } = this.#options
    const socket = new Constructor(this.#url, SUBPROTOCOL)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#reader = new MessageReader()
    this.#sender.startConnection()
    const ifCurrent =
      <E>(handle: (event: E) => void) =>
      (event: E) => {
        if (socket === this.#socket) handle(event)
      }
    socket.onopen = ifCurrent(() => {
      this.#report('out', () => ({ event: 'open', text: `GET ${this.#url}\nSec-WebSocket-Protocol: ${SUBPROTOCOL}` }))
      this.#apply({ type: 'opened' })
    })
    socket.onmessage = ifCurrent(({ data }: { data: unknown }) => this.#receive(data))
    socket.onclose = ifCurrent(({ code, reason }: { code: number; reason: string }) => {
      this.#report('in', () => ({ event: 'close', text: `${code} ${reason}`.trimEnd() }))
      this.#apply({ type: 'lost', code, text: reason })
    })
    // The close event that follows has all the information that browsers give.
    socket.onerror = () => {}
  }

  #disconnect(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.close(1000)
  }

  #send(message: ChannelCommand): void {
    const text = JSON.stringify(message)
    this.#report('out', () => ({ event: message.type, text }))
    this.#socket?.send(text)
  }

  #receive(data: unknown): void {
    this.#apply({ type: 'received' })
    const socket = this.#socket
    let messages: ReadMessage[]
    try {
      messages = this.#reader.read(data)
    } catch (error) {
      // A message was missed; the next connection resumes after the last complete one.
      this.#disconnect()
      this.#apply({ type: 'lost', code: 1006, text: messageOf(error) })
      return
    }
    for (const { message, text, bytes } of messages) {
      // What an event led to may have ended the connection: the next one resumes after this event.
      if (this.#socket !== socket) return
      this.#report('in', () => ({ event: message.type, id: idOf(message), text: text(), bytes }))
      this.#receiveMessage(message)
    }
  }

  #receiveMessage(message: messages.OutboundMessage): void {
    if (message.type === 'event') {
      this.#receiveFeed(message)
      return
    }
    this.#handle(message)
    if ('requestId' in message && message.requestId !== undefined) this.#sender.answer(message.requestId, message)
    // The first answer given again is of the past.
    if (message.type === 'execution' && message.duplicate !== true) this.#requests.receiveExecution(message)
    const { onMessage } = this.#options
    if (onMessage !== undefined) runCallback(() => onMessage.call(this.#options, message))
    // After receiveExecution: missed events may have answered commands that would be sent again.
    const { kind } = this.#machine
    if (kind === 'ready' && !isCaughtUp(this.#machine) && this.#session.isCaughtUp) this.#apply({ type: 'caughtUp' })
    this.#reportUnresolved()
  }

  #report(
    direction: 'in' | 'out',
    read: () => Pick<TappedFrame, 'event' | 'text'> & { id?: string | undefined; bytes?: number | undefined },
  ): void {
    const { wallMs } = this.#environment
    reportFrame(this.#options.tap, wallMs, () => ({ transport: 'websocket', direction, ...read() }))
  }

  #receiveFeed(message: messages.FeedMessage): void {
    const id = message.event === 'snapshot' ? (message.data as Snapshot).id : message.id
    const event = { event: message.event, data: message.data } as FeedEvent | ControlEvent
    const handler = this.#subscriptions.receive(message.subscription, event, id)
    if (handler !== undefined) runCallback(() => handler(event, id))
  }

  /** What the channel itself needs of a message, before the application gets it. */
  #handle(message: messages.OutboundMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#serverClock.learn(message.serverTime, true)
        this.#sender.setLimits(message.limits)
        this.#setEpoch(message.epoch)
        break
      case 'heartbeat':
        this.#serverClock.learn(message.serverTime, false)
        // Connected, but something on the way swallows events: the next logon asks for them.
        if (this.#session.hasMissed(message.lastSeq)) this.#apply({ type: 'reconnect' })
        break
      case 'logon.ok':
        this.#acceptLogon(message)
        break
      case 'logon.reject': {
        const { code, text, retryMs } = message
        this.#apply({ type: 'logonRejected', reason: { code, text }, retryMs })
        break
      }
      case 'error':
        // Close code 4429 waits as long as the error before it asked for. What a room refuses is not of the connection.
        if (message.retryMs !== undefined && retryAfterError(message.code) !== 'never') {
          const reason = { code: message.code, text: message.text }
          this.#apply({ type: 'notice', retryMs: Math.max(message.retryMs, CHANNEL_BACKOFF.leastMs), reason })
        }
        break
      case 'notice':
        this.#apply({ type: 'notice', retryMs: message.retryMs, reason: noticeReason(message.code) })
        break
      case 'account.snapshot':
        for (const order of message.orders) this.#requests.names.learn(order)
        this.#session.receive(message)
        break
      default:
        this.#session.receive(message)
        this.#rooms.receive(message)
    }
  }

  #setEpoch(epoch: string): void {
    const before = this.#session.epoch
    if (epoch === before) return
    if (this.#session.setEpoch(epoch)) this.#replaceMarket()
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, epoch, before))
  }

  #acceptLogon(logon: messages.LogonOk): void {
    if (logon.limits !== undefined) this.#sender.setLimits(logon.limits)
    const { isReplaced, needsReconnect } = this.#session.acceptLogon(logon)
    if (isReplaced) this.#replaceMarket()
    this.#apply({ type: needsReconnect ? 'reconnect' : 'loggedOn' })
  }

  #replaceMarket(): void {
    this.#requests.replaceMarket()
    this.#rooms.replaceMarket()
  }
}

/** The position of a frame of the feed, or the number in the private stream. */
function idOf(message: messages.OutboundMessage): string | undefined {
  if (message.type === 'event') return message.id
  return 'seq' in message && message.seq !== undefined ? String(message.seq) : undefined
}

const isCaughtUp = (state: ChannelMachineState) => state.kind === 'ready' && state.caughtUp
const isPinged = (state: ChannelMachineState) => state.kind === 'ready' && state.pinged

function differs(a: ChannelMachineState, b: ChannelMachineState): boolean {
  return (
    a.kind !== b.kind ||
    a.sinceMs !== b.sinceMs ||
    isPinged(a) !== isPinged(b) ||
    isCaughtUp(a) !== isCaughtUp(b) ||
    a.account.staleSinceMs !== b.account.staleSinceMs
  )
}

const noticeReason = (code: ErrorCode): StatusReason => ({ code, text: 'The server asked to reconnect later' })

function socketUrl(baseUrl: string): string {
  const path = `${baseUrl.replace(/\/+$/, '')}/v1/socket`
  const page = typeof location === 'undefined' ? undefined : location.href
  if (page === undefined && !/^https?:/.test(path)) {
    throw new TypeError('Outside of a page openOrderChannel needs a url, or a whole baseUrl')
  }
  return new URL(path, page).href.replace(/^http/, 'ws')
}
