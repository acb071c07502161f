// The order session of one connection: logon, orders, and the account's private stream. Takes and sends messages;
// limits are in channel/channel-endpoint.ts.

import { planResume } from '@papertape/feed'
import {
  type ChannelLimits,
  type Clock,
  type CommandAnswer,
  docsLink,
  formatPosition,
  type GuardSession,
  type Inbound,
  type Outbound,
  type RateLimitState,
  type RequestId,
  type SessionCommand,
} from '@papertape/protocol'
import type { EncodedPrivateEvent, Logon } from '@papertape/venue'
import { type Accounts, type KnownAccount, requireTrading } from '../accounts/accounts.ts'
import { CodedError } from '../errors/coded-error.ts'
import type { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import { type AckScript, ackScriptOf } from '../scripts/ack-script.ts'
import { AnswerQueue, type EndableConnection } from '../scripts/answer-queue.ts'
import { requireDirective } from '../scripts/check-directive.ts'
import type { VenuePort } from '../venue-client.ts'
import type { CloseCause } from './close-causes.ts'
import { cancelAllAfter, cancelAllOrders, cancelOrder, placeOrder, replaceOrder } from './order-commands.ts'
import type { PrivateReader, PrivateStreams } from './private-streams.ts'
import { SESSIONS_MAX, type SessionHolder, type SessionRegistry } from './session-registry.ts'
import type { SharedSessions } from './shared-sessions.ts'

/** Before the sessionId of a read-only token: it takes no session over that trades. In no sessionId itself. */
const READ_ONLY = 'read-only '
/** Events of a private stream that are fetched at a time. */
const RESEND_PAGE = 256

export interface OrderSessionDeps {
  readonly venue: VenuePort
  readonly accounts: Accounts
  readonly streams: PrivateStreams
  readonly registry: SessionRegistry
  /** Absent where no other gateway has sessions. */
  readonly sharedSessions?: SharedSessions | undefined
  readonly limits: ChannelLimits
  /** The rate of each account's commands, for its state in their answers. */
  readonly commands: KeyedRateLimit
  readonly privateEpoch: () => string
  readonly newSessionId: () => string
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** What a session needs of its connection. */
export interface SessionConnection extends EndableConnection {
  send(text: string): void
  /** Settles when the peer has read most of what was sent, or has gone. */
  room(): Promise<void>
  close(cause: CloseCause): void
}

/** A command that is not answered yet. */
interface UnansweredCommand {
  readonly requestId: RequestId | undefined
  readonly script?: AckScript | undefined
  readonly latencyMs: number | undefined
}

type SessionMessage = Exclude<Inbound, { type: 'subscribe' | 'unsubscribe' | `room.${string}` }>

export class OrderSession implements PrivateReader, SessionHolder {
  readonly #deps: OrderSessionDeps
  readonly #connection: SessionConnection
  readonly #cookieToken: string | undefined
  /** By the id of the command. */
  readonly #requests = new Map<number, UnansweredCommand>()
  readonly #answers: AnswerQueue
  /** Settle when a command of this session has been answered. */
  readonly #unanswered = new Set<Promise<void>>()
  #account: KnownAccount | undefined
  #releaseToken = () => {}
  #sessionId = ''
  #registeredAs = ''
  /** Among those of all gateways. */
  #sharedLogon: Logon | undefined
  #cancelOnDisconnect: 'none' | 'connection' | 'account' = 'none'
  /** The last private event that was sent; undefined until the stream is resumed, while new events wait. */
  #sentSeq: number | undefined
  #waiting: EncodedPrivateEvent[] = []
  #loggedOut = false
  #isGone = false

  constructor(deps: OrderSessionDeps, connection: SessionConnection, cookieToken: string | undefined) {
    this.#deps = deps
    this.#connection = connection
    this.#cookieToken = cookieToken
    this.#answers = new AnswerQueue(connection, deps.clock)
  }

  get isGone(): boolean {
    return this.#isGone
  }

  get isLoggedOn(): boolean {
    return this.#account !== undefined
  }

  /** @throws {CodedError} not-logged-on */
  get account(): KnownAccount {
    if (this.#account === undefined) throw new CodedError('not-logged-on', 'send logon with your token first')
    return this.#account
  }

  /** The last private event sent; null before the logon. */
  get lastSeq(): number | null {
    return this.#sentSeq ?? null
  }

  /** @throws {CodedError} when the message cannot be served; the channel answers with it. */
  async handle(message: SessionMessage): Promise<void> {
    if (message.type === 'logon') return this.#logon(message)
    if (message.type === 'ping') return this.#pong(message.requestId)
    if (message.type === 'logout') return this.#logout(message.requestId)
    const account = this.account
    if (message.type === 'resend') return this.#resend(account.accountId, message)
    requireTrading(account)
    if (message.type === 'order.place') requireDirective(account, message, 'socket')
    this.#command(account.accountId, message)
  }

  deliver(event: EncodedPrivateEvent): void {
    if (this.#isGone) return
    if (this.#sentSeq === undefined) {
      this.#waiting.push(event)
      return
    }
    const { seq, commandId = 0 } = event
    if (seq <= this.#sentSeq) return
    const text = this.#asAnswer(event)
    const sent = () => {
      this.#sentSeq = seq
    }
    this.#answers.push({
      script: this.#requests.get(commandId)?.script,
      send: () => {
        sent()
        this.#connection.send(text)
      },
      // The next event shows that its number is missing.
      lose: sent,
    })
  }

  /** An event could not be delivered: its number would be missing. */
  fail(error: unknown): void {
    this.#deps.onError(error)
    this.#connection.close('internalError')
  }

  takenOver(): void {
    this.#loggedOut = true
    this.#connection.close('takenOver')
  }

  /** The connection ends: gives back what the session held. Harmless when repeated. */
  disconnected(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#waiting = []
    this.#answers.close()
    const { accountId } = this.#account ?? {}
    if (accountId === undefined) return
    this.#releaseToken()
    this.#deps.streams.leave(accountId, this)
    this.#deps.registry.close(accountId, this.#registeredAs, this)
    if (!this.#loggedOut && this.#cancelOnDisconnect !== 'none')
      void this.#log({ type: 'session.lose', accountId, sessionId: this.#sessionId, cause: 'disconnect' })
    this.#closeShared()
  }

  async #logon(message: Inbound<'logon'>): Promise<void> {
    const { requestId, nextSeq } = message
    if (this.isLoggedOn) throw new CodedError('bad-request', 'this connection is logged on already')
    const { accounts, registry, sharedSessions, streams, limits, privateEpoch, newSessionId } = this.#deps
    const account = await accounts.require(message.token ?? this.#cookieToken)
    const { accountId, lastSeq, readOnly } = account
    // Its loss would cancel orders.
    if ((message.cancelOnDisconnect ?? 'none') !== 'none') requireTrading(account)
    // A session that is opened for a connection that has gone would never be closed.
    if (this.#isGone) return
    const sessionId = message.sessionId ?? newSessionId()
    this.#registeredAs = readOnly ? `${READ_ONLY}${sessionId}` : sessionId
    const isShared = sharedSessions === undefined || (await this.#openShared(sharedSessions, accountId))
    if (this.#isGone) return
    if (!isShared || !registry.open(accountId, this.#registeredAs, this)) {
      this.#closeShared()
      throw new CodedError('too-many-sessions', `an account has at most ${SESSIONS_MAX} sessions; close one`, 5_000)
    }
    this.#account = account
    this.#releaseToken = accounts.hold(account, () => this.#connection.close('tokenEnded'))
    this.#sessionId = sessionId
    this.#cancelOnDisconnect = message.cancelOnDisconnect ?? 'none'
    // The session that was taken over may have had another setting.
    if (this.#cancelOnDisconnect !== 'none' || (message.sessionId !== undefined && !readOnly))
      void this.#guard(this.#cancelOnDisconnect, message.graceMs)
    streams.join(accountId, this)
    const reset = nextSeq === undefined ? undefined : await this.#resetBefore(accountId, nextSeq)
    const resumed = nextSeq !== undefined && reset === undefined
    if (this.#isGone) return
    this.#send({
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
    else {
      if (reset !== undefined) this.#send(reset)
      await this.#sendSnapshot(accountId)
    }
  }

  /** Returns false when the account has the most sessions it may have, or this one has gone. */
  async #openShared(sessions: SharedSessions, accountId: string): Promise<boolean> {
    this.#sharedLogon = await sessions.open(accountId, this.#registeredAs, this)
    // Its connection may have gone meanwhile, which then had nothing to give back.
    if (this.#isGone) this.#closeShared()
    return this.#sharedLogon !== undefined
  }

  #closeShared(): void {
    if (this.#sharedLogon !== undefined) this.#deps.sharedSessions?.close(this.#sharedLogon)
  }

  /** Why events from there on cannot be sent; undefined when they can. The position is the event before. */
  async #resetBefore(accountId: string, nextSeq: number): Promise<Outbound<'reset'> | undefined> {
    const { venue, privateEpoch } = this.#deps
    const range = await venue.query('privateRange', { accountId })
    if (range === undefined) throw new Error(`account ${accountId} is known by its token but not by its id`)
    const epoch = privateEpoch()
    const plan = planResume(formatPosition(epoch, nextSeq - 1), { epoch, oldest: range.oldest, head: range.lastSeq })
    return plan.kind === 'reset' ? { type: 'reset', ...plan.reset } : undefined
  }

  async #sendSnapshot(accountId: string): Promise<void> {
    const snapshot = await this.#deps.venue.query('account', { accountId })
    if (this.#isGone) return
    if (snapshot === undefined) throw new Error(`account ${accountId} is known by its token but not by its id`)
    this.#send({ type: 'account.snapshot', ...snapshot })
    this.#goLive(snapshot.seq)
  }

  async #continueFrom(accountId: string, nextSeq: number): Promise<void> {
    const sent = await this.#sendRange(accountId, nextSeq, Number.MAX_SAFE_INTEGER)
    if (!this.#isGone) this.#goLive(sent)
  }

  /** Sends events as they come from now on. Those that came during the replay are sent unless the replay had them. */
  #goLive(sentSeq: number): void {
    this.#sentSeq = sentSeq
    const waiting = this.#waiting
    this.#waiting = []
    for (const event of waiting) this.deliver(event)
  }

  /** Of what is not there yet nothing is sent. */
  async #resend(accountId: string, { requestId, from, to }: Inbound<'resend'>): Promise<void> {
    const reset = await this.#resetBefore(accountId, from)
    if (this.#isGone) return
    if (reset?.reason === 'expired') {
      this.#send(reset)
      await this.#sendSnapshot(accountId)
    } else await this.#sendRange(accountId, from, to ?? Number.MAX_SAFE_INTEGER)
    this.#send({ type: 'ack', ...withId(requestId) })
  }

  /** Sends a range of the stream again; returns the last seq sent. */
  async #sendRange(accountId: string, from: number, to: number): Promise<number> {
    for (let next = from; ; ) {
      const limit = Math.min(RESEND_PAGE, to - next + 1)
      const page = limit > 0 ? await this.#deps.venue.query('privateEvents', { accountId, from: next, limit }) : []
      if (this.#isGone) return next - 1
      for (const { data } of page) this.#connection.send(data)
      next = (page.at(-1)?.seq ?? next - 1) + 1
      await this.#connection.room()
      if (page.length < RESEND_PAGE) return next - 1
    }
  }

  #command(
    accountId: string,
    message: Exclude<SessionMessage, { type: 'logon' | 'ping' | 'logout' | 'resend' }>,
  ): void {
    const { requestId } = message
    if (message.type === 'order.place') {
      this.#submit({ ...placeOrder(accountId, message), ...this.#ownership }, requestId, ackScriptOf(message))
    } else if (message.type === 'order.replace') {
      this.#submit({ ...replaceOrder(accountId, message, message), ...this.#ownership }, requestId)
    } else if (message.type === 'order.cancel') this.#submit(cancelOrder(accountId, message), requestId)
    else if (message.type === 'order.cancelAll') this.#submit(cancelAllOrders(accountId, message), requestId)
    else this.#submit(cancelAllAfter(accountId, message), requestId)
  }

  /** Set on orders that are canceled when this session is lost. */
  get #ownership(): { readonly sessionId?: string } {
    return this.#cancelOnDisconnect === 'connection' ? { sessionId: this.#sessionId } : {}
  }

  /** Journaled before the session's orders, so that they are canceled even when the server fails. */
  #guard(cancels: GuardSession['cancels'], graceMs = 0): Promise<void> {
    const guard = {
      type: 'session.guard',
      accountId: this.#account!.accountId,
      sessionId: this.#sessionId,
      cancels,
    } as const
    return this.#log(graceMs === 0 ? guard : { ...guard, graceMs })
  }

  /** Settles when the command is durable. A failed venue ends the process. */
  async #log(command: SessionCommand): Promise<void> {
    await this.#deps.venue.submit(command, this.#sharedLogon).answer.catch(() => undefined)
  }

  #submit(command: Parameters<VenuePort['submit']>[0], requestId: RequestId | undefined, script?: AckScript): void {
    const { commandId, answer, latencyMs } = this.#deps.venue.submit(command, this.#sharedLogon)
    const request = { requestId, script, latencyMs }
    this.#requests.set(commandId, request)
    const answered = answer.then(
      settled => {
        this.#requests.delete(commandId)
        this.#answer(settled, request)
      },
      // The venue has failed: the process ends, and the client asks again after the restart.
      () => void this.#requests.delete(commandId),
    )
    this.#unanswered.add(answered)
    void answered.then(() => this.#unanswered.delete(answered))
  }

  /** Sends what only the sender gets; what is in the private stream has been sent from there. */
  #answer(answer: CommandAnswer, request: UnansweredCommand): void {
    if (answer.type === 'execution' && answer.duplicate !== true) return
    const more = this.#toSender(request)
    if (answer.type === 'canceled') this.#sendInTurn({ type: 'ack', ...more, count: answer.count })
    else if (answer.type === 'cancelAllAfter') this.#sendInTurn({ type: 'ack', ...more, dueTime: answer.dueTime })
    else this.#sendInTurn({ ...answer, ...more } as CommandAnswer)
  }

  /** After what the script of an order holds. */
  #sendInTurn(message: Outbound | CommandAnswer): void {
    this.#answers.push({ send: () => this.#send(message), lose: () => {} })
  }

  /** To the sender of its command an event is the answer. */
  #asAnswer({ data, commandId }: EncodedPrivateEvent): string {
    const request = commandId === undefined ? undefined : this.#requests.get(commandId)
    if (request === undefined) return data
    const more = JSON.stringify(this.#toSender(request))
    return `${data.slice(0, -1)},${more.slice(1)}`
  }

  /** What only the sender of a command gets. */
  #toSender({ requestId, latencyMs }: UnansweredCommand) {
    const latency = latencyMs === undefined ? {} : { latencyMs }
    return { ...withId(requestId), rateLimit: this.#rateLimit, ...latency }
  }

  get #rateLimit(): RateLimitState {
    return this.#deps.commands.state(this.account.accountId)
  }

  #pong(requestId: RequestId | undefined): void {
    this.#send({ type: 'pong', ...withId(requestId), serverTime: Math.floor(this.#deps.clock.wallMs()) })
  }

  async #logout(requestId: RequestId | undefined): Promise<void> {
    this.#loggedOut = true
    // Every command that was sent before has its answer before the connection ends.
    await Promise.all(this.#unanswered)
    await this.#answers.emptied()
    // Before the ack: a failure right after it must not cancel the orders.
    if (this.#cancelOnDisconnect !== 'none') await this.#guard('none')
    this.#send({ type: 'ack', ...withId(requestId) })
    this.#connection.close('logout')
  }

  #send(message: Outbound | CommandAnswer): void {
    this.#connection.send(JSON.stringify(message))
  }
}

export function withId(requestId: RequestId | undefined): { requestId?: RequestId } {
  return requestId === undefined ? {} : { requestId }
}

/** A coded error as a message of the channel. */
export function errorMessage(error: CodedError, requestId: RequestId | undefined): Outbound {
  const { code, message, retryMs } = error
  const answer = { type: 'error', ...withId(requestId), code, text: message, docs: docsLink(code) } as const
  return retryMs === undefined ? answer : { ...answer, retryMs }
}
