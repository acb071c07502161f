// The order channel of a page that shares it with other tabs: one socket and one session for all of them, held by the
// tab that leads (orders-leader.ts). A tab's commands go to the leader, which returns the answers; private events go to
// all tabs. If the leader is lost, the next one sends orders without an answer again under their clientOrderId, which
// the exchange knows.

import type {
  ChannelOptions,
  ChannelSession,
  ChannelState,
  CommandOptions,
  OrderChannel,
} from '../orders/channel-interface.ts'
import type {
  CancelAllFields,
  ChangeAnswer,
  CountAnswer,
  LogonOk,
  OutboundMessage,
  PlaceAnswer,
  PlaceFields,
  ReplaceFields,
  Welcome,
} from '../orders/channel-messages.ts'
import { type ChannelCommand, ChannelError, type LossPolicy } from '../orders/request-table.ts'
import type { JoinOptions, RoomAnswer, RoomHandler, SayOptions } from '../orders/room-interface.ts'
import { RoomMemberships } from '../orders/room-memberships.ts'
import { runCallback } from '../platform/callback.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { reportFrame } from '../platform/frame-tap.ts'
import { AccountView } from '../views/account-view.ts'
import { isForSenderOnly, OrdersLeader, type OrderTabMessage } from './orders-leader.ts'
import { type TabCommand, TabCommands } from './tab-commands.ts'
import { type Sharing, TabGroup } from './tab-group.ts'
import { BROWSER, type TabsPlatform } from './tabs-platform.ts'

export interface SharedOrdersOptions extends Omit<ChannelOptions, 'logon' | 'session' | 'onState'> {
  /** Tabs with another account have another channel. Not the token; empty where the cookie identifies the account. */
  readonly account: string
  onState?(state: SharedChannelState): void
  readonly platform?: TabsPlatform
}

/** Of the shared channel. */
export interface SharedChannelState extends ChannelState {
  readonly sharing: Sharing
}

/** What a page needs to trade; the feed is shared by shared-feed.ts. */
export type OrderEntry = Omit<OrderChannel, 'subscribe' | 'unsubscribe' | 'leave'>
export interface SharedOrders extends OrderEntry {
  readonly state: SharedChannelState
}

const INITIAL_STATE: ChannelState = {
  phase: 'connecting',
  freshness: 'none',
  staleSinceMs: undefined,
  sinceMs: 0,
  lastArrivalMs: undefined,
  retryInMs: undefined,
  attempts: 0,
  silent: false,
  reason: undefined,
  unresolved: 0,
  epoch: undefined,
  accountId: undefined,
  sessionId: undefined,
  resumed: false,
  roundTripMs: undefined,
  serverTimeOffsetMs: undefined,
}

/** Commands that may wait for a leader. */
const QUEUE_MAX = 32

/** @throws {TypeError} without a url where there is no page to take it from */
export function openSharedOrders(options: SharedOrdersOptions): SharedOrders {
  return new SharedOrderChannel(options)
}

class SharedOrderChannel implements SharedOrders {
  readonly #options: SharedOrdersOptions
  readonly #environment: Environment
  readonly #group: TabGroup<OrderTabMessage>
  readonly #leader: OrdersLeader
  readonly #commands: TabCommands
  /** Of this tab. The leader's channel is in the rooms of all tabs, which they announce as their interests. */
  readonly #rooms: RoomMemberships
  readonly #timeoutMs: number
  /** Every tab keeps one, so that it can continue as the leader, and bring others up to date. */
  readonly #view: AccountView
  #logon: LogonOk | undefined
  #welcome: Welcome | undefined
  /** The channel's state as last known, and when that was. */
  #channelState: ChannelState | undefined
  #channelStateAtMs = 0
  #leaderSilentSinceMs: number | undefined
  #isClosed = false

  constructor(options: SharedOrdersOptions) {
    this.#options = options
    this.#environment = { ...DEFAULT_ENVIRONMENT, ...options.environment }
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#commands = new TabCommands(this.#environment)
    this.#rooms = new RoomMemberships({
      clock: this.#environment,
      random: () => this.#environment.random(),
      timeoutMs: this.#timeoutMs,
      request: command => this.#request(command, 'fail'),
    })
    this.#view = new AccountView({
      fillsMax: 0,
      onGap: from => {
        this.resend(from).catch(() => {
          // The connection is lost, and the next one resumes.
        })
      },
    })
    this.#leader = this.#createLeader()
    this.#group = new TabGroup<OrderTabMessage>(
      {
        name: `orders ${options.url ?? options.baseUrl ?? ''} ${options.account}`,
        environment: this.#environment,
        platform: options.platform ?? BROWSER,
        onLead: () => {
          this.#leader.start(this.session)
          this.#sendCommandsAgain()
          this.#rooms.sendAll()
        },
        onYield: () => this.#yield(),
        onLeader: () => {
          this.#group.sendToLeader({ type: 'join', privateEpoch: this.#logon?.privateEpoch, seq: this.#view.seq })
          this.#sendCommandsAgain()
          this.#rooms.sendAll()
        },
        onMessage: (message, from) => this.#receive(message, from),
        onChange: () => {
          this.#leader.leaveRoomsExcept(this.#group.interests.flat() as string[])
          if (!this.#hasLeader) this.#rooms.connectionLost()
          this.#reportState()
        },
      },
      [],
    )
  }

  get session(): ChannelSession | undefined {
    const sessionId = this.#logon?.sessionId
    if (sessionId === undefined) return undefined
    const { seq } = this.#view
    return { sessionId, epoch: this.#welcome?.epoch, nextSeq: seq === undefined ? undefined : seq + 1 }
  }

  get state(): SharedChannelState {
    const { sharing } = this.#group
    const own = this.#leader.channel?.state
    const shared = own ?? this.#channelState ?? INITIAL_STATE
    if (this.#isClosed) return { ...shared, phase: 'closed', retryInMs: undefined, sharing }
    const ageMs = own === undefined ? this.#environment.wallMs() - this.#channelStateAtMs : 0
    const retryInMs = shared.retryInMs === undefined ? undefined : Math.max(0, shared.retryInMs - ageMs)
    if (!this.#isLeaderSilent) return { ...shared, retryInMs, sharing }
    return {
      ...shared,
      freshness: shared.freshness === 'none' ? 'none' : 'stale',
      staleSinceMs: shared.staleSinceMs ?? this.#leaderSilentSinceMs,
      silent: true,
      retryInMs,
      sharing,
    }
  }

  get #hasLeader(): boolean {
    return this.#leader.channel !== undefined || this.#group.sharing.role === 'follower'
  }

  get #isLeaderSilent(): boolean {
    return this.#leader.channel === undefined && this.#group.isLeaderSilent
  }

  place(order: PlaceFields, options?: CommandOptions): Promise<PlaceAnswer> {
    return this.#request({ ...order, type: 'order.place' }, 'resend', options)
  }

  replace(change: ReplaceFields, options?: CommandOptions): Promise<ChangeAnswer> {
    return this.#request({ ...change, type: 'order.replace' }, 'resend', options)
  }

  cancel(origClientOrderId: string, options?: CommandOptions): Promise<ChangeAnswer> {
    // A second one would be refused because of the first, as if both had been refused.
    return this.#request({ type: 'order.cancel', origClientOrderId }, 'unknown', options)
  }

  cancelAll(filter: CancelAllFields = {}): Promise<CountAnswer> {
    return this.#request({ ...filter, type: 'order.cancelAll' }, 'unknown')
  }

  cancelAllAfter(timeoutMs: number): Promise<CountAnswer> {
    return this.#request({ type: 'order.cancelAllAfter', timeoutMs }, 'resend')
  }

  resend(from: number, to?: number): Promise<CountAnswer> {
    return this.#request(to === undefined ? { type: 'resend', from } : { type: 'resend', from, to }, 'fail')
  }

  ping(): Promise<number> {
    return this.#request({ type: 'ping' }, 'fail')
  }

  joinRoom(room: string, handler: RoomHandler, options: JoinOptions = {}): Promise<RoomAnswer> {
    if (this.#isClosed) return Promise.reject(this.#closedError())
    // Before the command: the leader leaves rooms that no tab needs.
    this.#group.setInterest([...new Set([...this.#rooms.rooms, room])])
    return this.#rooms.join(room, handler, options, this.#hasLeader)
  }

  async leaveRoom(room: string): Promise<void> {
    await this.#rooms.leave(room, false)
    if (!this.#isClosed) this.#group.setInterest(this.#rooms.rooms)
  }

  say(room: string, text: string, options: SayOptions = {}): Promise<RoomAnswer> {
    if (this.#isClosed) return Promise.reject(this.#closedError())
    return this.#rooms.say(room, text, options)
  }

  typing(room: string): void {
    this.#rooms.typing(room)
  }

  reconnect(): void {
    const { channel } = this.#leader
    if (channel !== undefined) channel.reconnect()
    else this.#group.sendToLeader({ type: 'reconnect' })
  }

  close(): void {
    // The last tab logs out; before that other tabs need the session.
    if (this.#group.sharing.tabs === 1) this.#leader.stop()?.close()
    this.#finish()
  }

  async #request<Answer>(
    command: ChannelCommand,
    ifLost: LossPolicy,
    { onProgress }: CommandOptions = {},
  ): Promise<Answer> {
    if (this.#isClosed) throw this.#closedError()
    const most = this.#options.queueMax ?? QUEUE_MAX
    if (this.#commands.waiting.length >= most) {
      throw new ChannelError('queue-full', `${most} commands already wait for the order channel`)
    }
    const { pending, answer } = this.#commands.add<Answer>(command, ifLost, this.#timeoutMs, onProgress)
    this.#send(pending)
    return answer
  }

  #closedError(): ChannelError {
    return new ChannelError('closed', this.#channelState?.reason?.text ?? 'The channel was closed')
  }

  /** Another tab leads now, or this one: commands that the leader of before has not answered are sent again. */
  #sendCommandsAgain(): void {
    this.#commands.leaderLost()
    for (const pending of this.#commands.waiting) this.#send(pending)
  }

  /** To the own channel or to the leader; waits when there is neither. */
  #send(pending: TabCommand): void {
    const { requestId, command } = pending
    if (this.#leader.channel !== undefined) {
      this.#commands.markHandedOn(pending)
      this.#leader.execute(command, {
        onProgress: progress => this.#commands.report(requestId, progress),
        onAnswer: answer => this.#commands.answer(requestId, answer),
        onError: error => this.#commands.fail(requestId, error as ChannelError),
      })
    } else if (this.#group.sharing.role === 'follower') {
      this.#commands.markHandedOn(pending)
      const expiresAtMs = this.#environment.wallMs() + this.#timeoutMs
      this.#reportForwarded('out', command)
      this.#group.sendToLeader({ type: 'command', requestId, command, expiresAtMs })
    }
  }

  #deliver(message: OutboundMessage): void {
    const { onMessage } = this.#options
    if (onMessage !== undefined) runCallback(() => onMessage.call(this.#options, message))
  }

  #handle(message: OutboundMessage): void {
    if (message.type === 'logon.ok') this.#logon = message
    if (message.type === 'welcome') this.#handleWelcome(message)
    this.#view.apply(message)
    this.#rooms.receive(message)
    this.#deliver(message)
  }

  #handleWelcome(welcome: Welcome): void {
    const before = this.#welcome?.epoch
    this.#welcome = welcome
    if (welcome.epoch === before) return
    // Another market: the session and the numbers of its private stream are not valid there.
    if (before !== undefined) {
      this.#logon = undefined
      this.#rooms.replaceMarket()
    }
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, welcome.epoch, before))
  }

  #reportState(): void {
    this.#leaderSilentSinceMs = this.#isLeaderSilent
      ? (this.#leaderSilentSinceMs ?? this.#environment.wallMs())
      : undefined
    const { onState } = this.#options
    if (onState !== undefined) runCallback(() => onState.call(this.#options, this.state))
  }

  /** @param atMs by the wall clock */
  #recordState(state: ChannelState, atMs: number): void {
    this.#channelState = state
    this.#channelStateAtMs = atMs
  }

  #finish(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#group.close()
    this.#commands.close(this.#closedError())
    this.#rooms.close(this.#closedError())
    this.#reportState()
  }

  #receive(message: OrderTabMessage, from: string): void {
    switch (message.type) {
      case 'state':
        this.#recordState(message.state, message.atMs)
        if (message.state.phase === 'closed') this.#finish()
        else this.#reportState()
        break
      case 'message':
        this.#reportForwarded('in', message.message)
        this.#handle(message.message)
        break
      case 'answer': {
        const { requestId, answer } = message
        if (isForSenderOnly(answer)) {
          this.#reportForwarded('in', answer)
          this.#deliver(answer)
        }
        this.#commands.answer(requestId, answer)
        break
      }
      case 'progress':
        this.#commands.report(message.requestId, message.progress)
        break
      case 'failure':
        this.#commands.fail(message.requestId, new ChannelError(message.code, message.text))
        break
      case 'join':
        this.#leader.bringUpToDate(message, from)
        break
      case 'command':
        this.#leader.executeFor(message, from)
        break
      case 'reconnect':
        this.#leader.channel?.reconnect()
        break
    }
  }

  #reportForwarded(direction: 'in' | 'out', message: { readonly type: string }): void {
    const read = () => ({ event: message.type, text: JSON.stringify(message) })
    reportFrame(this.#options.tap, this.#environment.wallMs, () => ({ transport: 'tab', direction, ...read() }))
  }

  #createLeader(): OrdersLeader {
    const { account: _, platform: __, onEpoch: ___, onState: ____, onMessage: _____, ...options } = this.#options
    return new OrdersLeader({
      clock: this.#environment,
      options,
      account: () => ({ welcome: this.#welcome, logon: this.#logon, view: this.#view }),
      state: () => this.state,
      send: (message, to) => this.#group.send(message, to),
      onMessage: message => this.#handle(message),
      onState: state => this.#follow(state),
    })
  }

  /** The own channel's state has changed. */
  #follow(state: ChannelState): void {
    // Another tab has taken the session over: it leads, and its first message has not arrived yet.
    if (state.reason?.code === 'close-4409' && state.phase === 'closed' && this.#group.sharing.role === 'leader') {
      this.#group.resign()
      return
    }
    const nowMs = this.#environment.wallMs()
    this.#recordState(state, nowMs)
    this.#group.send({ type: 'state', state, atMs: nowMs })
    if (state.phase === 'closed') this.#finish()
    else this.#reportState()
  }

  #yield(): void {
    const channel = this.#leader.stop()
    if (channel === undefined) return
    this.#recordState(channel.state, this.#environment.wallMs())
    channel.leave()
    this.#commands.leaderLost()
  }
}
