// The socket /v1/socket, subprotocol papertape.v1 (RFC 6455): frames in, messages out, and every limit on the way. What
// a message means is order-session.ts's and the feed's business.

import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { DEFAULT_RULES } from '@papertape/engine'
import type { Feed } from '@papertape/feed'
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
import { tokenCookie } from '../auth/identity.ts'
import { CodedError } from '../errors/coded-error.ts'
import { checkHandshake } from '../http/upgrade.ts'
import { RateLimit, Strikes } from '../limits/rate-limit.ts'
import { errorMessage, OrderSession, type OrderSessionDeps, withId } from '../orders/order-session.ts'
import { readFrame } from '../orders/parse-message.ts'
import { SESSIONS_MAX } from '../orders/session-registry.ts'
import { requireSymbols } from './feed-request.ts'
import { FeedSubscriptions } from './socket-feed.ts'

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
/** Messages that wait for the one before them; a connection that has more is not read until they are done. */
const QUEUED_MAX = 32
/** A peer that floods is not read any more; its close frame has this long to arrive. */
const FLOOD_GRACE_MS = 750

export interface OrderChannelOptions extends Omit<OrderSessionDeps, 'limits' | 'newSessionId'> {
  readonly feed: Feed
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
  /** What the socket's bytes go out on: TCP, TLS, or a stream of HTTP/2. */
  readonly #transport: Duplex
  readonly #options: OrderChannelOptions
  readonly #session: OrderSession
  readonly #subscriptions: FeedSubscriptions
  readonly #rate: RateLimit
  readonly #malformed = new Strikes(MALFORMED_MAX, STRIKE_WINDOW_MS)
  readonly #overRate = new Strikes(OVER_RATE_MAX, STRIKE_WINDOW_MS)
  #cancelHeartbeat = () => {}
  #cancelLogonTimer = () => {}
  #cancelEndTimer = () => {}
  /** Messages are handled in the order they came, each to its end. */
  #turn: Promise<void> = Promise.resolve()
  #queued = 0
  #peerAnswered = true
  /** Since when a heartbeat has found bytes that wait and a ping without its pong. */
  #stalledSinceMs: number | undefined
  /** Nothing is taken or sent any more but the close frame. */
  #isEnding = false

  constructor(socket: WebSocket, transport: Duplex, cookieToken: string | undefined, options: OrderChannelOptions) {
    this.#socket = socket
    this.#transport = transport
    this.#options = options
    this.#rate = new RateLimit(CHANNEL_LIMITS.commandsPerSecond, CHANNEL_LIMITS.burst, options.clock.nowMs())
    const wire = {
      send: (message: unknown) => this.#sendText(JSON.stringify(message)),
      sendText: (text: string) => this.#sendText(text),
      room: () => this.#room(),
      close: (code: CloseCode, reason: string) => this.#close(code, reason),
    }
    const newSessionId = () => randomBytes(12).toString('base64url')
    this.#session = new OrderSession({ ...options, limits: CHANNEL_LIMITS, newSessionId }, wire, cookieToken)
    const { subscriptionsMax } = CHANNEL_LIMITS
    this.#subscriptions = new FeedSubscriptions(options.feed, socket, transport, subscriptionsMax, reason => {
      if (reason === 'lagging') this.#lag()
      else if (reason === 'failed') this.#close(1011, 'the log could not be read')
    })
  }

  open(): void {
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#socket.on('ping', () => this.#charge())
    this.#socket.on('pong', () => {
      this.#peerAnswered = true
      this.#stalledSinceMs = undefined
      this.#charge()
    })
    // The close frame with the code of the RFC is sent by ws: see the errorHandler in app.ts. Nothing is to be done here.
    this.#socket.on('close', () => this.#closed())
    this.#cancelLogonTimer = this.#options.clock.setTimer(() => {
      if (!this.#session.isLoggedOn && this.#subscriptions.isEmpty) {
        this.#close(4401, `log on or subscribe within ${FIRST_WORD_MS / 1_000} s`)
      }
    }, FIRST_WORD_MS)
    this.#armHeartbeat(HEARTBEAT_MS)
    const { log } = this.#options.feed
    const serverTime = Math.floor(this.#options.clock.wallMs())
    this.#send({ type: 'welcome', epoch: log.epoch, head: log.head, serverTime, limits: CHANNEL_LIMITS })
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#isEnding) return
    if (isBinary) {
      this.#close(1003, 'text frames only')
      return
    }
    const { requestId, content } = readFrame(data.toString())
    const retryMs = this.#charge()
    if (retryMs > 0) {
      const text = `at most ${CHANNEL_LIMITS.commandsPerSecond} messages a second`
      this.#refuse(new CodedError('rate-limited', text, retryMs), requestId)
    } else if (content instanceof CodedError) {
      this.#refuse(content, requestId)
      if (this.#malformed.add(this.#options.clock.nowMs())) this.#closeFlood(4400, 'too many malformed messages')
    } else this.#enqueue(content)
  }

  /** Counts a frame against the rate; returns 0 when it may pass, else the milliseconds until one may. */
  #charge(): number {
    const nowMs = this.#options.clock.nowMs()
    const retryMs = this.#rate.take(nowMs)
    // After the answer to the frame that was one too many.
    if (retryMs > 0 && this.#overRate.add(nowMs)) {
      queueMicrotask(() => this.#closeFlood(4429, 'too many messages, for too long'))
    }
    return retryMs
  }

  #enqueue(message: Inbound): void {
    if (++this.#queued === QUEUED_MAX) this.#socket.pause()
    this.#turn = this.#turn.then(async () => {
      await this.#handle(message)
      if (--this.#queued === QUEUED_MAX / 2 && !this.#isEnding) this.#socket.resume()
    })
  }

  async #handle(message: Inbound): Promise<void> {
    if (this.#isEnding) return
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
        if (message.type === 'logon' && !this.#isEnding) this.#armHeartbeat(message.heartbeatMs ?? HEARTBEAT_MS)
      }
    } catch (error) {
      this.#failed(message, error)
    }
  }

  #failed(message: Inbound, error: unknown): void {
    if (!(error instanceof CodedError)) {
      this.#options.onError(error)
      this.#close(1011, 'internal error')
    } else if (message.type === 'logon') {
      const { code, message: text, retryMs } = error
      const retry = retryMs === undefined ? {} : { retryMs }
      this.#send({ type: 'logon.reject', ...withId(message.requestId), code, text, ...retry })
      if (code === 'bad-token' || code === 'not-logged-on') this.#close(4401, code)
      else if (code === 'too-many-sessions') this.#close(4429, code)
    } else this.#refuse(error, message.requestId)
  }

  #refuse(error: CodedError, requestId?: RequestId): void {
    this.#send(errorMessage(error, requestId))
  }

  #send(message: Outbound): void {
    this.#sendText(JSON.stringify(message))
  }

  #sendText(text: string): void {
    if (this.#isEnding || this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(text)
    if (this.#socket.bufferedAmount > BUFFERED_BYTES_MAX) this.#lag()
  }

  #room(): Promise<void> {
    if (this.#isEnding || !this.#transport.writableNeedDrain) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        this.#transport.off('drain', done)
        this.#transport.off('close', done)
        resolve()
      }
      this.#transport.on('drain', done)
      this.#transport.on('close', done)
    })
  }

  /** A heartbeat that a page can see, and a ping that finds out dead peers. */
  #armHeartbeat(everyMs: number): void {
    this.#cancelHeartbeat()
    this.#cancelHeartbeat = this.#options.clock.setTimer(() => {
      this.#armHeartbeat(everyMs)
      this.#beat()
    }, everyMs)
  }

  #beat(): void {
    if (!this.#peerAnswered) {
      // A peer that has yet to read what is before the ping is slow, not dead.
      if (this.#transport.writableLength === 0) this.#socket.terminate()
      else if (this.#stalledSinceMs === undefined) this.#stalledSinceMs = this.#options.clock.nowMs()
      else if (this.#options.clock.nowMs() - this.#stalledSinceMs >= this.#options.feed.lagMaxMs) this.#lag()
      return
    }
    this.#peerAnswered = false
    this.#socket.ping()
    const { log } = this.#options.feed
    const serverTime = Math.floor(this.#options.clock.wallMs())
    this.#send({ type: 'heartbeat', head: log.head, lastSeq: this.#session.lastSeq, serverTime })
  }

  /** Says why, and ends the connection by the closing handshake. */
  #close(code: CloseCode, reason: string): void {
    if (this.#isEnding) return
    this.#release()
    this.#socket.close(code, reason)
  }

  /** Reads nothing more: whatever the peer still sends costs nothing. */
  #closeFlood(code: CloseCode, reason: string): void {
    if (this.#isEnding) return
    this.#release()
    this.#socket.close(code, reason)
    this.#socket.pause()
    this.#transport.end()
    this.#cancelEndTimer = this.#options.clock.setTimer(() => this.#socket.terminate(), FLOOD_GRACE_MS)
  }

  /** The peer does not read: when it does again it finds the reason at the end, unless that takes too long. */
  #lag(): void {
    if (this.#isEnding) return
    this.#release()
    this.#socket.pause()
    this.#cancelEndTimer = this.#options.clock.setTimer(() => this.#socket.terminate(), this.#options.feed.lagMaxMs)
    const close = () => {
      this.#socket.resume()
      this.#socket.close(4408, 'the connection does not keep up')
    }
    if (this.#transport.writableLength === 0) close()
    else this.#transport.once('drain', close)
  }

  /** Gives back everything that the connection held; harmless when repeated. */
  #release(): void {
    this.#isEnding = true
    this.#cancelLogonTimer()
    this.#cancelHeartbeat()
    this.#subscriptions.close()
    this.#session.disconnected()
  }

  #closed(): void {
    this.#cancelEndTimer()
    this.#release()
  }
}
