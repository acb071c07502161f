// The socket /v1/socket, subprotocol papertape.v1 (RFC 6455): frames in, messages out, and every limit on the way. What
// a message means is order-session.ts's and the feed's business.

import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { DEFAULT_RULES } from '@papertape/engine'
import {
  type ChannelLimits,
  type CloseCode,
  FRAME_BYTES_MAX,
  HEARTBEAT_MS,
  type Inbound,
  type Outbound,
  type RequestId,
  SUBPROTOCOL,
} from '@papertape/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import { CodedError } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { tokenCookie } from '../plugins/identity.ts'
import { errorMessage, OrderSession, type OrderSessionDeps, withId } from '../sessions/order-session.ts'
import { RateLimit, Strikes } from '../sessions/rate-limit.ts'
import { SESSIONS_MAX } from '../sessions/session-registry.ts'
import { readFrame } from './inbound-frame.ts'
import { FeedSubscriptions } from './socket-feed.ts'
import { checkHandshake } from './upgrade.ts'

export const CHANNEL_LIMITS: ChannelLimits = {
  frameBytesMax: FRAME_BYTES_MAX,
  commandsPerSecond: 50,
  burst: 100,
  subscriptionsMax: 16,
  sessionsMax: SESSIONS_MAX,
  openOrdersMax: DEFAULT_RULES.openOrdersMax,
}
/** A connection that says nothing of use in this time is closed. */
const FIRST_WORD_MS = 5_000
/** Malformed messages, and messages over the rate, that are borne within ten seconds. */
const MALFORMED_MAX = 5
const OVER_RATE_MAX = 50
const STRIKE_WINDOW_MS = 10_000
/** What may wait for a peer that does not read before it is let go; its private stream can be resumed. */
const BUFFERED_BYTES_MAX = 1024 * 1024

export interface OrderChannelOptions extends Omit<OrderSessionDeps, 'limits' | 'newSessionId'> {
  readonly feed: Feed
  readonly nowMs: () => number
  readonly onError: (error: unknown) => void
}

export function orderChannelRoutes(app: FastifyInstance, options: OrderChannelOptions): void {
  app.route({
    method: 'GET',
    url: '/socket',
    preValidation: async request => admit(request),
    handler: async () => {
      throw new CodedError('upgrade-required', `open a WebSocket here, with the subprotocol ${SUBPROTOCOL}`)
    },
    // Listeners are attached before anything is awaited: a frame that comes at once is not lost.
    wsHandler: (socket, request) => {
      const token = tokenCookie(request, options.feed.log.epoch)
      new OrderChannel(socket, request.raw.socket, token, options).open()
    },
  })
}

/** Before the upgrade, so that a refusal is an HTTP answer that says why. The origin has been judged with the route's. */
function admit(request: FastifyRequest): void {
  if (request.ws) checkHandshake(request.headers)
}

class OrderChannel {
  readonly #socket: WebSocket
  readonly #options: OrderChannelOptions
  readonly #session: OrderSession
  readonly #subscriptions: FeedSubscriptions
  readonly #rate: RateLimit
  readonly #malformed = new Strikes(MALFORMED_MAX, STRIKE_WINDOW_MS)
  readonly #overRate = new Strikes(OVER_RATE_MAX, STRIKE_WINDOW_MS)
  #heartbeatTimer: NodeJS.Timeout | undefined
  #firstWordTimer: NodeJS.Timeout | undefined
  /** Messages are handled in the order they came, each to its end. */
  #turn: Promise<void> = Promise.resolve()
  #peerAnswered = true

  constructor(socket: WebSocket, transport: Duplex, cookieToken: string | undefined, options: OrderChannelOptions) {
    this.#socket = socket
    this.#options = options
    this.#rate = new RateLimit(CHANNEL_LIMITS.commandsPerSecond, CHANNEL_LIMITS.burst, options.nowMs())
    const wire = {
      send: (message: unknown) => this.#sendText(JSON.stringify(message)),
      sendText: (text: string) => this.#sendText(text),
      close: (code: CloseCode, reason: string) => this.#socket.close(code, reason),
    }
    const newSessionId = () => randomBytes(12).toString('base64url')
    this.#session = new OrderSession({ ...options, limits: CHANNEL_LIMITS, newSessionId }, wire, cookieToken)
    const { subscriptionsMax } = CHANNEL_LIMITS
    this.#subscriptions = new FeedSubscriptions(options.feed, socket, transport, subscriptionsMax, reason => {
      if (reason === 'lagging') this.#socket.close(4408, 'the connection does not keep up')
      else if (reason === 'failed') this.#socket.close(1011, 'the log could not be read')
    })
  }

  open(): void {
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#socket.on('pong', () => {
      this.#peerAnswered = true
    })
    this.#socket.on('close', () => this.#closed())
    // ws closes the connection by itself, with the RFC's code; the reset of a peer is nothing to report.
    this.#socket.on('error', () => this.#socket.terminate())
    this.#firstWordTimer = setTimeout(() => {
      if (!this.#session.isLoggedOn && this.#subscriptions.isEmpty) {
        this.#socket.close(4401, `log on or subscribe within ${FIRST_WORD_MS / 1_000} s`)
      }
    }, FIRST_WORD_MS)
    this.#armHeartbeat(HEARTBEAT_MS)
    const { log } = this.#options.feed
    const serverTime = Math.floor(this.#options.wallMs())
    this.#send({ type: 'welcome', epoch: log.epoch, head: log.head, serverTime, limits: CHANNEL_LIMITS })
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.#socket.close(1003, 'text frames only')
      return
    }
    const { requestId, content } = readFrame(data.toString())
    const nowMs = this.#options.nowMs()
    const retryMs = this.#rate.take(nowMs)
    if (retryMs > 0) {
      const text = `at most ${CHANNEL_LIMITS.commandsPerSecond} messages a second`
      this.#refuse(new CodedError('rate-limited', text, retryMs), requestId)
      if (this.#overRate.add(nowMs)) this.#socket.close(4429, 'too many messages, for too long')
    } else if (content instanceof CodedError) {
      this.#refuse(content, requestId)
      if (this.#malformed.add(nowMs)) this.#socket.close(4400, 'malformed, again and again')
    } else this.#turn = this.#turn.then(() => this.#handle(content))
  }

  async #handle(message: Inbound): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    try {
      if (message.type === 'subscribe') {
        const open = this.#subscriptions.prepare(message)
        this.#send({ type: 'ack', ...withId(message.requestId), subscription: message.subscription })
        open()
      } else if (message.type === 'unsubscribe') {
        this.#subscriptions.unsubscribe(message.subscription)
        this.#send({ type: 'ack', ...withId(message.requestId), subscription: message.subscription })
      } else {
        await this.#session.handle(message)
        if (message.type === 'logon') this.#armHeartbeat(message.heartbeatMs ?? HEARTBEAT_MS)
      }
    } catch (error) {
      this.#failed(message, error)
    }
  }

  #failed(message: Inbound, error: unknown): void {
    if (!(error instanceof CodedError)) {
      this.#options.onError(error)
      this.#socket.close(1011, 'a fault of the server')
    } else if (message.type === 'logon') {
      this.#send({ type: 'logon.reject', ...withId(message.requestId), code: error.code, text: error.message })
      if (error.code === 'bad-token' || error.code === 'not-logged-on') this.#socket.close(4401, error.code)
    } else this.#refuse(error, message.requestId)
  }

  #refuse(error: CodedError, requestId?: RequestId): void {
    this.#send(errorMessage(error, requestId))
  }

  #send(message: Outbound): void {
    this.#sendText(JSON.stringify(message))
  }

  #sendText(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(text)
    if (this.#socket.bufferedAmount > BUFFERED_BYTES_MAX) this.#socket.close(4408, 'the connection does not keep up')
  }

  /** A heartbeat that a page can see, and a ping that finds out dead peers. */
  #armHeartbeat(everyMs: number): void {
    clearInterval(this.#heartbeatTimer)
    this.#heartbeatTimer = setInterval(() => {
      if (!this.#peerAnswered) {
        this.#socket.terminate()
        return
      }
      this.#peerAnswered = false
      this.#socket.ping()
      const { log } = this.#options.feed
      const serverTime = Math.floor(this.#options.wallMs())
      this.#send({ type: 'heartbeat', head: log.head, lastSeq: this.#session.lastSeq, serverTime })
    }, everyMs)
  }

  #closed(): void {
    clearTimeout(this.#firstWordTimer)
    clearInterval(this.#heartbeatTimer)
    this.#subscriptions.close()
    this.#session.disconnected()
  }
}
