// One connection's conversation on the order channel: logon, orders, its account's private stream. Speaks messages, not
// frames; the wire and its limits are transports/order-channel.ts.

import {
  type ChannelLimits,
  type Clock,
  type CloseCode,
  type CommandAnswer,
  docsLink,
  type GuardSession,
  type Inbound,
  type Outbound,
  type RequestId,
  type SessionCommand,
} from '@papertape/protocol'
import type { EncodedPrivateEvent } from '@papertape/venue'
import { findAccount } from '../auth/account-tokens.ts'
import { CodedError } from '../errors/coded-error.ts'
import type { VenueClient } from '../venue/venue-client.ts'
import { placeOrder, replaceOrder } from './order-commands.ts'
import type { PrivateReader, PrivateStreams } from './private-streams.ts'
import { SESSIONS_MAX, type SessionHolder, type SessionRegistry } from './session-registry.ts'

/** How much of a private stream is fetched at a time. */
const RESEND_PAGE = 256

export interface OrderSessionDeps {
  readonly venue: VenueClient
  readonly streams: PrivateStreams
  readonly registry: SessionRegistry
  readonly limits: ChannelLimits
  readonly privateEpoch: () => string
  readonly newSessionId: () => string
  readonly clock: Clock
}

export interface OrderSessionWire {
  send(message: Outbound | CommandAnswer): void
  /** JSON that is encoded already. */
  sendText(text: string): void
  /** Settles when the peer has read most of what was sent, or has gone. */
  room(): Promise<void>
  close(code: CloseCode, reason: string): void
}

type SessionMessage = Exclude<Inbound, { type: 'subscribe' | 'unsubscribe' }>

export class OrderSession implements PrivateReader, SessionHolder {
  readonly #deps: OrderSessionDeps
  readonly #wire: OrderSessionWire
  readonly #cookieToken: string | undefined
  /** Commands under way, and the request that each answers. */
  readonly #asked = new Map<number, RequestId | undefined>()
  #accountId: string | undefined
  #sessionId = ''
  #cancelOnDisconnect: 'none' | 'connection' | 'account' = 'none'
  /** The last private event that was sent; events wait while it is not known yet. */
  #sentSeq: number | undefined
  #waiting: EncodedPrivateEvent[] = []
  #loggedOut = false
  #isGone = false

  constructor(deps: OrderSessionDeps, wire: OrderSessionWire, cookieToken: string | undefined) {
    this.#deps = deps
    this.#wire = wire
    this.#cookieToken = cookieToken
  }

  get isLoggedOn(): boolean {
    return this.#accountId !== undefined
  }

  /** The last private event sent; null before the logon. */
  get lastSeq(): number | null {
    return this.#sentSeq ?? null
  }

  /** @throws {CodedError} when the message cannot be served; the wire answers with it. */
  async handle(message: SessionMessage): Promise<void> {
    if (message.type === 'logon') return this.#logon(message)
    if (message.type === 'ping') return this.#pong(message.requestId)
    if (message.type === 'logout') return this.#logout(message.requestId)
    const accountId = this.#accountId
    if (accountId === undefined) throw new CodedError('not-logged-on', 'send logon with your token first')
    if (message.type === 'resend') return this.#resend(accountId, message)
    this.#command(accountId, message)
  }

  deliver(event: EncodedPrivateEvent): void {
    if (this.#isGone) return
    if (this.#sentSeq === undefined) {
      this.#waiting.push(event)
      return
    }
    if (event.seq <= this.#sentSeq) return
    this.#sentSeq = event.seq
    this.#wire.sendText(this.#withRequestId(event))
  }

  takenOver(): void {
    this.#loggedOut = true
    this.#wire.close(4409, 'the session was taken over by another connection')
  }

  /** The connection has gone, or is about to: gives back what the session held. Harmless when repeated. */
  disconnected(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#waiting = []
    const accountId = this.#accountId
    if (accountId === undefined) return
    this.#deps.streams.leave(accountId, this)
    this.#deps.registry.close(accountId, this.#sessionId, this)
    if (!this.#loggedOut) this.#cancelWhatWasAskedFor(accountId)
  }

  async #logon(message: Inbound<'logon'>): Promise<void> {
    const { requestId, nextSeq } = message
    if (this.isLoggedOn) throw new CodedError('bad-request', 'this connection is logged on already')
    const { venue, registry, streams, limits, privateEpoch, newSessionId } = this.#deps
    const { accountId, lastSeq } = await findAccount(venue, message.token ?? this.#cookieToken)
    // Nobody would ever close a session that was opened for a connection that has gone.
    if (this.#isGone) return
    const sessionId = message.sessionId ?? newSessionId()
    if (!registry.open(accountId, sessionId, this)) {
      throw new CodedError('too-many-sessions', `an account has at most ${SESSIONS_MAX} sessions; close one`, 5_000)
    }
    this.#accountId = accountId
    this.#sessionId = sessionId
    this.#cancelOnDisconnect = message.cancelOnDisconnect ?? 'none'
    // A session that was taken over may have asked for something else.
    if (this.#cancelOnDisconnect !== 'none' || message.sessionId !== undefined)
      void this.#guard(this.#cancelOnDisconnect)
    streams.join(accountId, this)
    const resumed = nextSeq !== undefined && nextSeq <= lastSeq + 1
    this.#wire.send({
      type: 'logon.ok',
      ...withId(requestId),
      sessionId,
      accountId,
      privateEpoch: privateEpoch(),
      lastSeq,
      resumed,
      limits,
    })
    if (resumed) await this.#continueFrom(accountId, nextSeq)
    else await this.#sendSnapshot(accountId)
  }

  async #sendSnapshot(accountId: string): Promise<void> {
    const snapshot = await this.#deps.venue.query('account', { accountId })
    if (this.#isGone) return
    if (snapshot === undefined) throw new Error(`account ${accountId} is known by its token but not by its id`)
    this.#wire.send({ type: 'account.snapshot', ...snapshot })
    this.#goLive(snapshot.seq)
  }

  async #continueFrom(accountId: string, nextSeq: number): Promise<void> {
    const sent = await this.#sendRange(accountId, nextSeq, Number.MAX_SAFE_INTEGER)
    if (!this.#isGone) this.#goLive(sent)
  }

  /** From here on events go out as they come; those that came while we looked back are sorted out by their number. */
  #goLive(sentSeq: number): void {
    this.#sentSeq = sentSeq
    const waiting = this.#waiting
    this.#waiting = []
    for (const event of waiting) this.deliver(event)
  }

  async #resend(accountId: string, { requestId, from, to }: Inbound<'resend'>): Promise<void> {
    await this.#sendRange(accountId, from, to ?? Number.MAX_SAFE_INTEGER)
    this.#wire.send({ type: 'ack', ...withId(requestId) })
  }

  /** Sends a stretch of the stream as it was; returns the last number sent. */
  async #sendRange(accountId: string, from: number, to: number): Promise<number> {
    for (let next = from; ; ) {
      const limit = Math.min(RESEND_PAGE, to - next + 1)
      const page = limit > 0 ? await this.#deps.venue.query('privateEvents', { accountId, from: next, limit }) : []
      if (this.#isGone) return next - 1
      for (const { data } of page) this.#wire.sendText(data)
      next += page.length
      await this.#wire.room()
      if (page.length < RESEND_PAGE) return next - 1
    }
  }

  #command(
    accountId: string,
    message: Exclude<SessionMessage, { type: 'logon' | 'ping' | 'logout' | 'resend' }>,
  ): void {
    const { requestId } = message
    if (message.type === 'order.place') {
      this.#submit({ ...placeOrder(accountId, message), ...this.#ownership }, requestId)
    } else if (message.type === 'order.replace') {
      this.#submit({ ...replaceOrder(accountId, message), ...this.#ownership }, requestId)
    } else if (message.type === 'order.cancel') {
      this.#submit({ type: 'order.cancel', accountId, origClientOrderId: message.origClientOrderId }, requestId)
    } else {
      const { symbol, side } = message
      this.#submit(
        {
          type: 'order.cancelAll',
          accountId,
          ...(symbol !== undefined && { symbol }),
          ...(side !== undefined && { side }),
        },
        requestId,
      )
    }
  }

  /** On the orders that the loss of this session shall cancel. */
  get #ownership(): { readonly sessionId?: string } {
    return this.#cancelOnDisconnect === 'connection' ? { sessionId: this.#sessionId } : {}
  }

  /** Logged before the orders that it is about, so that it outlives the server. */
  #guard(cancels: GuardSession['cancels']): Promise<void> {
    return this.#log({ type: 'session.guard', accountId: this.#accountId!, sessionId: this.#sessionId, cancels })
  }

  /** Settles when the command is durable, or the venue has failed, which ends the process. */
  async #log(command: SessionCommand): Promise<void> {
    await this.#deps.venue.submit(command).answer.catch(() => undefined)
  }

  #submit(command: Parameters<VenueClient['submit']>[0], requestId: RequestId | undefined): void {
    const { commandId, answer } = this.#deps.venue.submit(command)
    this.#asked.set(commandId, requestId)
    answer.then(
      settled => {
        this.#asked.delete(commandId)
        this.#answer(settled, requestId)
      },
      // The venue has failed: the process ends, and the client finds out by asking again.
      () => this.#asked.delete(commandId),
    )
  }

  /** What is in the private stream has been sent from there; what is told to the asker alone is sent here. */
  #answer(answer: CommandAnswer, requestId: RequestId | undefined): void {
    if (answer.type === 'execution' && answer.duplicate !== true) return
    if (answer.type === 'canceled') this.#wire.send({ type: 'ack', ...withId(requestId), count: answer.count })
    else this.#wire.send({ ...answer, ...withId(requestId) } as CommandAnswer)
  }

  #withRequestId({ data, commandId }: EncodedPrivateEvent): string {
    const requestId = commandId === undefined ? undefined : this.#asked.get(commandId)
    return requestId === undefined ? data : `${data.slice(0, -1)},"requestId":${JSON.stringify(requestId)}}`
  }

  #pong(requestId: RequestId | undefined): void {
    this.#wire.send({ type: 'pong', ...withId(requestId), serverTime: Math.floor(this.#deps.clock.wallMs()) })
  }

  async #logout(requestId: RequestId | undefined): Promise<void> {
    this.#loggedOut = true
    // Whoever is told so is not to lose orders by a kill right after it.
    if (this.#cancelOnDisconnect !== 'none') await this.#guard('none')
    this.#wire.send({ type: 'ack', ...withId(requestId) })
    this.#wire.close(1000, 'logout')
  }

  #cancelWhatWasAskedFor(accountId: string): void {
    if (this.#cancelOnDisconnect === 'none') return
    void this.#log({ type: 'session.lose', accountId, sessionId: this.#sessionId })
  }
}

export function withId(requestId: RequestId | undefined): { requestId?: RequestId } {
  return requestId === undefined ? {} : { requestId }
}

/** A coded error as the channel says it. */
export function errorMessage(error: CodedError, requestId: RequestId | undefined): Outbound {
  const { code, message, retryMs } = error
  const told = { type: 'error', ...withId(requestId), code, text: message, docs: docsLink(code) } as const
  return retryMs === undefined ? told : { ...told, retryMs }
}
