// The order channel: the WebSocket /v1/socket, subprotocol papertape.v1. Takes frames, holds them to the limits, and
// hands each message to the session or to the feed, in order. What a message means is decided in
// orders/order-session.ts and socket-feed.ts.

import { randomBytes } from 'node:crypto'
import { DEFAULT_RULES } from '@papertape/engine'
import type { Feed } from '@papertape/feed'
import {
  type ChannelLimits,
  FRAME_BYTES_MAX,
  HEARTBEAT_MS,
  type Inbound,
  type Outbound,
  type RequestId,
  SUBPROTOCOL,
} from '@papertape/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import { tokenCookie } from '../auth/identity.ts'
import { UNCHECKED } from '../docs/route-schema.ts'
import { CodedError } from '../errors/coded-error.ts'
import { checkHandshake } from '../http/upgrade.ts'
import { RateLimit, ViolationWindow } from '../limits/rate-limit.ts'
import { causeOfLogonReject, LOGON_WAIT_MS } from '../orders/close-causes.ts'
import { errorMessage, OrderSession, type OrderSessionDeps, withId } from '../orders/order-session.ts'
import { parseMessage } from '../orders/parse-message.ts'
import { SESSIONS_MAX } from '../orders/session-registry.ts'
import { requireSymbols } from './feed-request.ts'
import { socketSchema } from './route-schemas.ts'
import { SocketConnection } from './socket-connection.ts'
import { SocketSubscriptions } from './socket-feed.ts'

export const CHANNEL_LIMITS: ChannelLimits = {
  frameBytesMax: FRAME_BYTES_MAX,
  commandsPerSecond: 50,
  burst: 100,
  subscriptionsMax: 16,
  sessionsMax: SESSIONS_MAX,
  openOrdersMax: DEFAULT_RULES.openOrdersMax,
}
/**
 * Malformed messages, and messages over the rate, that are answered within the window before the connection is closed.
 */
const MALFORMED_MAX = 5
const OVER_RATE_MAX = 50
const VIOLATION_WINDOW_MS = 10_000
/** Messages that wait for the one before them; a connection that has more is not read until half of them are done. */
const QUEUED_MAX = 32

export interface OrderChannelOptions extends Omit<OrderSessionDeps, 'limits' | 'newSessionId'> {
  readonly feed: Feed
  readonly onError: (error: unknown) => void
}

export function orderChannelRoutes(app: FastifyInstance, options: OrderChannelOptions): void {
  app.route({
    method: 'GET',
    url: '/socket',
    schema: socketSchema,
    ...UNCHECKED,
    preValidation: async request => admit(request),
    handler: async () => {
      throw new CodedError('upgrade-required', `open a WebSocket here, with the subprotocol ${SUBPROTOCOL}`)
    },
    // Attaches its listeners before anything is awaited: a frame that comes at once is not lost.
    wsHandler: (socket, request) => {
      new OrderChannelConnection(socket, request, options).open()
    },
  })
}

/** Before the upgrade, so that a refusal is an HTTP answer with a problem. The origin has been checked before. */
function admit(request: FastifyRequest): void {
  if (request.ws) checkHandshake(request.headers)
}

class OrderChannelConnection {
  readonly #socket: WebSocket
  readonly #options: OrderChannelOptions
  readonly #connection: SocketConnection
  readonly #session: OrderSession
  readonly #subscriptions: SocketSubscriptions
  readonly #rate: RateLimit
  readonly #malformed = new ViolationWindow(MALFORMED_MAX, VIOLATION_WINDOW_MS)
  readonly #overRate = new ViolationWindow(OVER_RATE_MAX, VIOLATION_WINDOW_MS)
  #cancelLogonTimer = () => {}
  /** Messages are handled in the order they came, each completely before the next. */
  #turn: Promise<void> = Promise.resolve()
  #queued = 0

  constructor(socket: WebSocket, request: FastifyRequest, options: OrderChannelOptions) {
    const { feed, clock } = options
    const transport = request.raw.socket
    this.#socket = socket
    this.#options = options
    this.#rate = new RateLimit(CHANNEL_LIMITS.commandsPerSecond, CHANNEL_LIMITS.burst, clock.nowMs())
    this.#connection = new SocketConnection(socket, transport, {
      clock,
      lagMaxMs: feed.lagMaxMs,
      heartbeat: () => JSON.stringify(this.#heartbeat()),
      onEnd: () => this.#release(),
    })
    const deps = {
      ...options,
      limits: CHANNEL_LIMITS,
      newSessionId: () => randomBytes(12).toString('base64url'),
    }
    this.#session = new OrderSession(deps, this.#connection, tokenCookie(request, feed.log.epoch))
    const { subscriptionsMax } = CHANNEL_LIMITS
    this.#subscriptions = new SocketSubscriptions(feed, socket, transport, subscriptionsMax, reason => {
      if (reason === 'lagging') this.#connection.closeLagging()
      else if (reason === 'failed') this.#connection.close('logUnreadable')
    })
  }

  open(): void {
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#socket.on('ping', () => this.#charge())
    this.#socket.on('pong', () => this.#charge())
    const { feed, clock } = this.#options
    this.#cancelLogonTimer = clock.setTimer(() => {
      if (!this.#session.isLoggedOn && this.#subscriptions.isEmpty) this.#connection.close('logonOverdue')
    }, LOGON_WAIT_MS)
    this.#connection.startHeartbeat(HEARTBEAT_MS)
    const { epoch, head } = feed.log
    this.#send({ type: 'welcome', epoch, head, serverTime: Math.floor(clock.wallMs()), limits: CHANNEL_LIMITS })
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#connection.isEnding) return
    if (isBinary) {
      this.#connection.close('binaryFrame')
      return
    }
    const { requestId, content } = parseMessage(data.toString())
    const retryMs = this.#charge()
    if (retryMs > 0) {
      const text = `at most ${CHANNEL_LIMITS.commandsPerSecond} messages a second`
      this.#refuse(new CodedError('rate-limited', text, retryMs), requestId)
    } else if (content instanceof CodedError) {
      this.#refuse(content, requestId)
      if (this.#malformed.add(this.#options.clock.nowMs())) this.#connection.closeFlood('malformedMessages')
    } else this.#enqueue(content)
  }

  /** Counts a frame against the rate; returns 0 when it may pass, else the milliseconds until one may. */
  #charge(): number {
    const nowMs = this.#options.clock.nowMs()
    const retryMs = this.#rate.take(nowMs)
    // After the answer to the frame that was one too many.
    if (retryMs > 0 && this.#overRate.add(nowMs)) {
      queueMicrotask(() => this.#connection.closeFlood('tooManyMessages'))
    }
    return retryMs
  }

  #enqueue(message: Inbound): void {
    if (++this.#queued === QUEUED_MAX) this.#socket.pause()
    this.#turn = this.#turn.then(async () => {
      await this.#handle(message)
      if (--this.#queued === QUEUED_MAX / 2 && !this.#connection.isEnding) this.#socket.resume()
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
      } else {
        // Otherwise a misspelt symbol would leave the orders as they are, with an ack.
        if (message.type === 'order.cancelAll' && message.symbol !== undefined) {
          requireSymbols([message.symbol], this.#options.feed.view.symbols)
        }
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
    if (!(error instanceof CodedError)) {
      this.#options.onError(error)
      this.#connection.close('internalError')
    } else if (message.type === 'logon') {
      const { code, message: text, retryMs } = error
      const retry = retryMs === undefined ? {} : { retryMs }
      this.#send({ type: 'logon.reject', ...withId(message.requestId), code, text, ...retry })
      const cause = causeOfLogonReject(code)
      if (cause !== undefined) this.#connection.close(cause)
    } else this.#refuse(error, message.requestId)
  }

  #refuse(error: CodedError, requestId?: RequestId): void {
    this.#send(errorMessage(error, requestId))
  }

  #send(message: Outbound): void {
    this.#connection.send(JSON.stringify(message))
  }

  #heartbeat(): Outbound {
    const { feed, clock } = this.#options
    const serverTime = Math.floor(clock.wallMs())
    return { type: 'heartbeat', head: feed.log.head, lastSeq: this.#session.lastSeq, serverTime }
  }

  /** Gives back everything that the connection held. */
  #release(): void {
    this.#cancelLogonTimer()
    this.#subscriptions.close()
    this.#session.disconnected()
  }
}
