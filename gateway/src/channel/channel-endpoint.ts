// The service's end of one order channel: takes text messages, holds them to the limits, and hands each to the session,
// to the feed or to the rooms, in order. What a message means is decided in orders/order-session.ts,
// channel-subscriptions.ts and rooms/room-session.ts; what the connection is made of is the caller's.

import type { Feed } from '@papertape/feed'
import {
  HEARTBEAT_MS,
  type Inbound,
  type LabCloseCode,
  type Outbound,
  type RateLimitState,
  type RequestId,
} from '@papertape/protocol'
import { requireTrading } from '../accounts/accounts.ts'
import { CodedError } from '../errors/coded-error.ts'
import { requireSymbols } from '../feed/feed-request.ts'
import { RateLimit, ViolationWindow } from '../limits/rate-limit.ts'
import { causeOfLogonReject } from '../orders/close-causes.ts'
import { errorMessage, OrderSession, type OrderSessionDeps, withId } from '../orders/order-session.ts'
import { parseMessage } from '../orders/parse-message.ts'
import { type ConnectionRooms, isRoomRequest, type RoomService } from '../rooms/room-service.ts'
import type { ChannelConnection } from './channel-connection.ts'
import { ChannelSubscriptions } from './channel-subscriptions.ts'
import type { EventCodecs } from './event-chunk.ts'

/**
 * Malformed messages, and messages over the rate, that are answered within the window before the connection is closed.
 */
const MALFORMED_MAX = 5
const OVER_RATE_MAX = 50
const VIOLATION_WINDOW_MS = 10_000
/** Messages that wait for the one before them; a connection that has more is not read until half of them are done. */
const QUEUED_MAX = 32

export interface ChannelEndpointDeps extends OrderSessionDeps {
  readonly feed: Feed
  /** Of the feed. */
  readonly codecs: EventCodecs
  readonly rooms: RoomService
  /** After how long a client should reconnect when the server goes away. */
  readonly retryMs: () => number
}

export class ChannelEndpoint {
  readonly #deps: ChannelEndpointDeps
  readonly #connection: ChannelConnection
  readonly #labKey: string | undefined
  readonly #cookieToken: string | undefined
  readonly #subscriptions: ChannelSubscriptions
  // The rest is made when it is needed: most connections only have a subscription.
  #openedSession: OrderSession | undefined
  #openedRooms: ConnectionRooms | undefined
  #rate: RateLimit | undefined
  #malformed: ViolationWindow | undefined
  #overRate: ViolationWindow | undefined
  #cancelLogonTimer: (() => void) | undefined
  /** Messages are handled in the order they came, each completely before the next. */
  #turn: Promise<void> | undefined
  #queued = 0

  /**
   * @param cookieToken logs on where a logon has no token.
   * @param labKey of the connection; undefined when the laboratory is off.
   */
  constructor(deps: ChannelEndpointDeps, connection: ChannelConnection, cookieToken?: string, labKey?: string) {
    this.#deps = deps
    this.#connection = connection
    this.#labKey = labKey
    this.#cookieToken = cookieToken
    this.#subscriptions = new ChannelSubscriptions(deps, connection)
  }

  get #session(): OrderSession {
    this.#openedSession ??= new OrderSession(this.#deps, this.#connection, this.#cookieToken)
    return this.#openedSession
  }

  get #isLoggedOn(): boolean {
    return this.#openedSession?.isLoggedOn ?? false
  }

  get #rooms(): ConnectionRooms {
    this.#openedRooms ??= this.#deps.rooms.open(this.#connection)
    return this.#openedRooms
  }

  /** Greets the client. */
  open(): void {
    const { feed, clock, limits } = this.#deps
    this.#awaitLogon()
    this.#connection.startHeartbeat(HEARTBEAT_MS)
    const { epoch, head } = feed.log
    const labKey = this.#labKey
    const serverTime = Math.floor(clock.wallMs())
    this.#send({
      type: 'welcome',
      epoch,
      head,
      serverTime,
      limits,
      ...(labKey !== undefined && { labKey }),
    })
  }

  receive(text: string): void {
    if (this.#connection.isEnding) return
    this.#guard(() => this.#receive(text))
  }

  /** A ping or pong has come: counts against the rate, as a message does. */
  receiveControlFrame(): void {
    if (this.#takeRate() > 0) this.#countOverRate()
  }

  #forgetRate(): void {
    if (this.#rate?.isFull(this.#deps.clock.nowMs()) === true) this.#rate = undefined
  }

  /** 0 when a message may pass, else the milliseconds until one may. */
  #takeRate(): number {
    const { clock, limits } = this.#deps
    const nowMs = clock.nowMs()
    this.#rate ??= new RateLimit(limits.commandsPerSecond, limits.burst, nowMs)
    return this.#rate.take(nowMs)
  }

  /** The message that a page sees, as it does not see pings. */
  heartbeat(): Outbound {
    const { feed, clock } = this.#deps
    this.#forgetRate()
    const serverTime = Math.floor(clock.wallMs())
    return { type: 'heartbeat', head: feed.log.head, lastSeq: this.#openedSession?.lastSeq ?? null, serverTime }
  }

  /** Closes as the server would with this code: when it goes away, a notice comes before. */
  closeAtRequest(code: LabCloseCode): void {
    if (code === 1001) this.#send({ type: 'notice', code: 'closing', retryMs: this.#deps.retryMs() })
    this.#connection.closeAtRequest(code)
  }

  /** The server goes away. */
  drain(retryMs: number): void {
    this.#send({ type: 'notice', code: 'closing', retryMs })
    this.#connection.close('shutdown')
  }

  /** The connection ends: gives back everything that it held. */
  release(): void {
    this.#cancelLogonTimer?.()
    this.#subscriptions.close()
    this.#openedRooms?.leaveAll()
    this.#openedSession?.disconnected()
  }

  #receive(text: string): void {
    const { requestId, content } = parseMessage(text)
    const { clock, limits } = this.#deps
    const nowMs = clock.nowMs()
    const retryMs = this.#takeRate()
    if (retryMs > 0) {
      const limit = `at most ${limits.commandsPerSecond} messages a second on a connection, ${limits.burst} at once`
      this.#refuseOverRate(new CodedError('rate-limited', limit, retryMs), requestId)
    } else if (content instanceof CodedError) {
      this.#refuse(content, requestId)
      this.#malformed ??= new ViolationWindow(MALFORMED_MAX, VIOLATION_WINDOW_MS)
      if (this.#malformed.add(nowMs)) this.#connection.closeFlood('malformedMessages')
    } else this.#enqueue(content)
  }

  /** Begins anew when the last subscription ends: who is not logged on must have one. */
  #awaitLogon(): void {
    const { clock, limits } = this.#deps
    this.#cancelLogonTimer?.()
    this.#cancelLogonTimer = clock.setTimer(() => {
      this.#cancelLogonTimer = undefined
      this.#forgetRate()
      if (!this.#isLoggedOn && this.#subscriptions.isEmpty) this.#connection.close('logonOverdue')
    }, limits.logonWaitMs)
  }

  #refuseOverRate(error: CodedError, requestId: RequestId | undefined, rateLimit?: RateLimitState): void {
    this.#refuse(error, requestId, rateLimit)
    this.#countOverRate()
  }

  #countOverRate(): void {
    this.#overRate ??= new ViolationWindow(OVER_RATE_MAX, VIOLATION_WINDOW_MS)
    if (this.#overRate.add(this.#deps.clock.nowMs())) this.#connection.closeFlood('tooManyMessages')
  }

  /** A fault of ours ends this connection and nothing else. */
  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#endFaulty(error)
    }
  }

  #endFaulty(error: unknown): void {
    this.#deps.onError(error)
    this.#connection.close('internalError')
  }

  #enqueue(message: Inbound): void {
    if (++this.#queued === QUEUED_MAX) this.#connection.pause()
    this.#turn ??= Promise.resolve()
    this.#turn = this.#turn.then(async () => {
      await this.#handle(message)
      if (this.#queued === 1) this.#turn = undefined
      if (--this.#queued === QUEUED_MAX / 2 && !this.#connection.isEnding) this.#connection.resume()
    })
  }

  async #handle(message: Inbound): Promise<void> {
    if (this.#connection.isEnding) return
    try {
      if (message.type === 'subscribe') {
        const open = this.#subscriptions.prepare(message)
        this.#send({ type: 'ack', ...withId(message.requestId), subscription: message.subscription })
        open()
      } else if (message.type === 'unsubscribe') {
        this.#subscriptions.unsubscribe(message.subscription)
        this.#send({ type: 'ack', ...withId(message.requestId), subscription: message.subscription })
        if (this.#subscriptions.isEmpty) this.#awaitLogon()
      } else if (isRoomRequest(message)) {
        const { account } = this.#session
        if (message.type === 'room.message') requireTrading(account)
        await this.#rooms.handle(account.accountId, message)
      } else {
        const refusal = this.#takeCommand(message)
        if (refusal !== undefined) {
          this.#refuseOverRate(refusal, message.requestId, this.#rateLimitOf(message))
          return
        }
        // Otherwise a misspelt symbol would leave the orders as they are, with an ack.
        if (message.type === 'order.cancelAll' && message.symbol !== undefined) {
          requireSymbols([message.symbol], this.#deps.feed.view.symbols)
        }
        if (message.type === 'logout') await this.#openedRooms?.answered()
        await this.#session.handle(message)
        if (message.type === 'logon' && !this.#connection.isEnding) {
          this.#connection.startHeartbeat(message.heartbeatMs ?? HEARTBEAT_MS)
        }
      }
    } catch (error) {
      this.#fail(message, error)
    }
  }

  #fail(message: Inbound, error: unknown): void {
    if (!(error instanceof CodedError)) this.#endFaulty(error)
    else if (message.type === 'logon') {
      const { code, message: text, retryMs } = error
      const retry = retryMs === undefined ? {} : { retryMs }
      this.#send({ type: 'logon.reject', ...withId(message.requestId), code, text, ...retry })
      const cause = causeOfLogonReject(code)
      if (cause !== undefined) this.#connection.close(cause)
    } else this.#refuse(error, message.requestId, this.#rateLimitOf(message))
  }

  /** Takes one from the account's rate; a read-only token, whose commands are refused, takes none. */
  #takeCommand(message: Inbound): CodedError | undefined {
    if (!isCommand(message)) return undefined
    const { accountId, readOnly } = this.#session.account
    return readOnly ? undefined : this.#deps.commands.tryTake(accountId)
  }

  #rateLimitOf(message: Inbound): RateLimitState | undefined {
    if (!isCommand(message) || !this.#isLoggedOn) return undefined
    return this.#deps.commands.state(this.#session.account.accountId)
  }

  #refuse(error: CodedError, requestId: RequestId | undefined, rateLimit?: RateLimitState): void {
    this.#send({ ...errorMessage(error, requestId), ...(rateLimit !== undefined && { rateLimit }) })
  }

  #send(message: Outbound): void {
    this.#connection.send(JSON.stringify(message))
  }
}

/** What changes orders, over REST too. */
function isCommand(message: Inbound): boolean {
  return message.type.startsWith('order.')
}
