// The order channel of a page whose other tabs have one too: one socket and one session for all of them, held by the tab
// that leads. A command goes to the leader, its answer comes back; the account's private events go to all. When the
// leader is lost in mid-command, an order is sent again under its clientOrderId, which the exchange knows.

import type {
  ChannelOptions,
  ChannelSession,
  ChannelState,
  CommandOptions,
  OrderChannel,
} from '../orders/channel-interface.ts'
import type * as words from '../orders/channel-messages.ts'
import { openOrderChannel } from '../orders/order-channel.ts'
import {
  type ChannelCommand,
  ChannelError,
  type ChannelErrorCode,
  type CommandProgress,
  type LossPolicy,
} from '../orders/request-table.ts'
import { runCallback } from '../platform/callback.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { messageOf } from '../rest/problem.ts'
import { AccountView } from '../views/account-view.ts'
import { type TabCommand, TabCommands } from './tab-commands.ts'
import { type Sharing, TabGroup } from './tab-group.ts'
import { BROWSER, type TabsPlatform } from './tabs-platform.ts'

export interface SharedOrdersOptions extends Omit<ChannelOptions, 'logon' | 'session' | 'onState'> {
  /** Whose channel it is: tabs with another account have another. Never the token; empty where the cookie says it. */
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

/** What the tabs of a group say to each other. */
type Message =
  | { readonly type: 'state'; readonly state: ChannelState; readonly atMs: number }
  /** Something that the server has said to all of the account's readers. */
  | { readonly type: 'message'; readonly message: words.OutboundMessage }
  | { readonly type: 'answer'; readonly requestId: number; readonly answer: unknown }
  | { readonly type: 'progress'; readonly requestId: number; readonly progress: CommandProgress }
  | { readonly type: 'failure'; readonly requestId: number; readonly code: ChannelErrorCode; readonly text: string }
  /** How far this follower has seen the private stream. */
  | { readonly type: 'join'; readonly privateEpoch: string | undefined; readonly seq: number | undefined }
  | {
      readonly type: 'command'
      readonly requestId: number
      readonly command: ChannelCommand
      /** A leader that was frozen must not send, when it wakes, what its asker has long given up. */
      readonly expiresAtMs: number
    }
  | { readonly type: 'reconnect' }

const NEVER: ChannelState = {
  phase: 'connecting',
  freshness: 'none',
  doubtfulSinceMs: undefined,
  sinceMs: 0,
  lastArrivalMs: undefined,
  retryInMs: undefined,
  attempts: 0,
  doubtful: false,
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

/** @throws {TypeError} without a url where there is no page to take it from. */
export function openSharedOrders(options: SharedOrdersOptions): SharedOrders {
  return new Shared(options)
}

class Shared implements SharedOrders {
  readonly #options: SharedOrdersOptions
  readonly #environment: Environment
  readonly #group: TabGroup<Message>
  readonly #commands: TabCommands
  readonly #timeoutMs: number
  /** Kept by every tab, so that a new leader can go on from where it stands, and tell whoever joins. */
  readonly #view: AccountView
  #logon: words.LogonOk | undefined
  #welcome: words.Welcome | undefined
  /** Here when this tab leads. */
  #channel: OrderChannel | undefined
  #shared: ChannelState | undefined
  #sharedAtMs = 0
  #silentSinceMs: number | undefined
  #closed = false

  constructor(options: SharedOrdersOptions) {
    this.#options = options
    this.#environment = { ...DEFAULT_ENVIRONMENT, ...options.environment }
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#commands = new TabCommands(this.#environment)
    this.#view = new AccountView({
      fillsMax: 0,
      onGap: from => {
        this.resend(from).catch(() => {
          // No answer: the connection is lost, and the next one resumes.
        })
      },
    })
    this.#group = new TabGroup<Message>(
      {
        name: `orders ${options.url ?? options.baseUrl ?? ''} ${options.account}`,
        environment: this.#environment,
        platform: options.platform ?? BROWSER,
        onLead: () => this.#lead(),
        onYield: () => this.#yield(),
        onLeader: () => {
          this.#group.ask({ type: 'join', privateEpoch: this.#logon?.privateEpoch, seq: this.#view.seq })
          this.#commands.lost()
          this.#sendWaiting()
        },
        onMessage: (message, from) => this.#hear(message, from),
        onChange: () => this.#tell(),
      },
      undefined,
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
    const shared = this.#channel?.state ?? this.#shared ?? NEVER
    if (this.#closed) return { ...shared, phase: 'closed', retryInMs: undefined, sharing }
    const saidMs = this.#channel === undefined ? this.#environment.wallMs() - this.#sharedAtMs : 0
    const retryInMs = shared.retryInMs === undefined ? undefined : Math.max(0, shared.retryInMs - saidMs)
    if (!this.#isDeaf) return { ...shared, retryInMs, sharing }
    return {
      ...shared,
      freshness: shared.freshness === 'none' ? 'none' : 'doubtful',
      doubtfulSinceMs: shared.doubtfulSinceMs ?? this.#silentSinceMs,
      doubtful: true,
      retryInMs,
      sharing,
    }
  }

  /** Nobody vouches for what the leader last said. */
  get #isDeaf(): boolean {
    return this.#channel === undefined && this.#group.isSilent
  }

  place(order: words.PlaceFields, options?: CommandOptions): Promise<words.PlaceAnswer> {
    return this.#ask({ ...order, type: 'order.place' }, 'resend', options)
  }

  replace(change: words.ReplaceFields, options?: CommandOptions): Promise<words.ChangeAnswer> {
    return this.#ask({ ...change, type: 'order.replace' }, 'resend', options)
  }

  cancel(origClientOrderId: string, options?: CommandOptions): Promise<words.ChangeAnswer> {
    // A second one would be refused because of the first, and look like a refusal of both.
    return this.#ask({ type: 'order.cancel', origClientOrderId }, 'unknown', options)
  }

  cancelAll(filter: words.CancelAllFields = {}): Promise<words.CountAnswer> {
    return this.#ask({ ...filter, type: 'order.cancelAll' }, 'unknown')
  }

  resend(from: number, to?: number): Promise<words.CountAnswer> {
    return this.#ask(to === undefined ? { type: 'resend', from } : { type: 'resend', from, to }, 'fail')
  }

  ping(): Promise<number> {
    return this.#ask({ type: 'ping' }, 'fail')
  }

  reconnect(): void {
    if (this.#channel !== undefined) this.#channel.reconnect()
    else this.#group.ask({ type: 'reconnect' })
  }

  close(): void {
    // The last tab logs out; before that the session is the others'.
    if (this.#group.sharing.tabs === 1) {
      const channel = this.#channel
      this.#channel = undefined
      channel?.close()
    }
    this.#finish()
  }

  async #ask<Answer>(
    command: ChannelCommand,
    ifLost: LossPolicy,
    { onProgress }: CommandOptions = {},
  ): Promise<Answer> {
    if (this.#closed) throw this.#closedError()
    const most = this.#options.queueMax ?? QUEUE_MAX
    if (this.#commands.waiting.length >= most) {
      throw new ChannelError('queue-full', `${most} commands wait for the order channel already`)
    }
    const { pending, answer } = this.#commands.add<Answer>(command, ifLost, this.#timeoutMs, onProgress)
    this.#send(pending)
    return answer
  }

  #closedError(): ChannelError {
    return new ChannelError('closed', this.#shared?.reason?.text ?? 'The channel has been closed')
  }

  #sendWaiting(): void {
    for (const pending of this.#commands.waiting) this.#send(pending)
  }

  /** To our own channel when we lead, to the leader when there is one; else it waits for either. */
  #send(pending: TabCommand): void {
    const { requestId, command } = pending
    const channel = this.#channel
    if (channel !== undefined) {
      this.#commands.handOn(pending)
      // After we have yielded the answer is the next leader's to give.
      perform(channel, command, progress => {
        if (channel === this.#channel) this.#commands.report(requestId, progress)
      }).then(
        answer => channel === this.#channel && this.#commands.answer(requestId, answer),
        error => channel === this.#channel && this.#commands.fail(requestId, error as ChannelError),
      )
    } else if (this.#group.sharing.role === 'follower') {
      this.#commands.handOn(pending)
      const expiresAtMs = this.#environment.wallMs() + this.#timeoutMs
      this.#group.ask({ type: 'command', requestId, command, expiresAtMs })
    }
  }

  #deliver(message: words.OutboundMessage): void {
    const { onMessage } = this.#options
    if (onMessage !== undefined) runCallback(() => onMessage.call(this.#options, message))
  }

  #note(message: words.OutboundMessage): void {
    if (message.type === 'logon.ok') this.#logon = message
    if (message.type === 'welcome') this.#greet(message)
    this.#view.apply(message)
    this.#deliver(message)
  }

  #greet(welcome: words.Welcome): void {
    const before = this.#welcome?.epoch
    this.#welcome = welcome
    if (welcome.epoch === before) return
    // Another market: the session, and the numbers of its private stream, are nothing there.
    if (before !== undefined) this.#logon = undefined
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, welcome.epoch, before))
  }

  #tell(): void {
    this.#silentSinceMs = this.#isDeaf ? (this.#silentSinceMs ?? this.#environment.wallMs()) : undefined
    const { onState } = this.#options
    if (onState !== undefined) runCallback(() => onState.call(this.#options, this.state))
  }

  #finish(): void {
    if (this.#closed) return
    this.#closed = true
    this.#group.close()
    this.#commands.close(this.#closedError())
    this.#tell()
  }

  // As a follower ---------------------------------------------------------------------------------------------------

  #hear(message: Message, from: string): void {
    switch (message.type) {
      case 'state':
        this.#shared = message.state
        this.#sharedAtMs = message.atMs
        if (message.state.phase === 'closed') this.#finish()
        else this.#tell()
        break
      case 'message':
        this.#note(message.message)
        break
      case 'answer': {
        const { requestId, answer } = message
        if (isForAskerOnly(answer)) this.#deliver(answer)
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
        this.#bringUpToDate(message, from)
        break
      case 'command':
        this.#carryOut(message, from)
        break
      case 'reconnect':
        this.#channel?.reconnect()
        break
    }
  }

  // As the leader ---------------------------------------------------------------------------------------------------

  #lead(): void {
    const { account: _, platform: __, onEpoch: ___, ...options } = this.#options
    const { session } = this
    const channel = openOrderChannel({
      ...options,
      ...(session === undefined ? {} : { session }),
      onState: state => {
        if (channel === this.#channel) this.#follow(state)
      },
      onMessage: message => {
        if (channel !== this.#channel) return
        if (!isForAskerOnly(message)) this.#group.tell({ type: 'message', message })
        this.#note(message)
      },
    })
    this.#channel = channel
    // What the leader before us has not answered.
    this.#commands.lost()
    this.#sendWaiting()
  }

  #yield(): void {
    const channel = this.#channel
    this.#channel = undefined
    if (channel === undefined) return
    this.#shared = channel.state
    this.#sharedAtMs = this.#environment.wallMs()
    channel.leave()
    this.#commands.lost()
  }

  #follow(state: ChannelState): void {
    // Another tab has taken the session over: it leads, and we have yet to hear of it.
    if (state.reason?.code === 'close-4409' && state.phase === 'closed' && this.#group.sharing.role === 'leader') {
      this.#group.resign()
      return
    }
    this.#shared = state
    this.#sharedAtMs = this.#environment.wallMs()
    this.#group.tell({ type: 'state', state, atMs: this.#sharedAtMs })
    if (state.phase === 'closed') this.#finish()
    else this.#tell()
  }

  /** Brings a follower up to where we are: the events that it lacks, or the account as it stands. */
  #bringUpToDate({ privateEpoch, seq }: Extract<Message, { type: 'join' }>, from: string): void {
    const logon = this.#logon
    if (this.#channel === undefined) return
    this.#group.tell({ type: 'state', state: this.state, atMs: this.#environment.wallMs() }, from)
    if (this.#welcome !== undefined) this.#group.tell({ type: 'message', message: this.#welcome }, from)
    if (logon === undefined) return
    this.#group.tell({ type: 'message', message: logon }, from)
    const own = this.#view.seq
    if (own === undefined || (privateEpoch === logon.privateEpoch && seq !== undefined && seq >= own)) return
    if (privateEpoch !== logon.privateEpoch || seq === undefined) {
      this.#sayAccount(from)
      return
    }
    // They come as messages to all; those who have had them leave them alone.
    this.#channel.resend(seq + 1).then(
      answer => answer.type !== 'ack' && this.#sayAccount(from),
      () => this.#sayAccount(from),
    )
  }

  #sayAccount(to: string): void {
    const { accountId = '', seq, orders, positions, balance } = this.#view
    if (seq === undefined || balance === undefined) return
    const message = { type: 'account.snapshot', accountId, seq, orders, positions, balance } as const
    this.#group.tell({ type: 'message', message }, to)
  }

  #carryOut({ requestId, command, expiresAtMs }: Extract<Message, { type: 'command' }>, from: string): void {
    const channel = this.#channel
    if (channel === undefined) return
    const tell = (message: Message) => {
      if (channel === this.#channel) this.#group.tell(message, from)
    }
    const fail = (code: ChannelErrorCode, text: string) => tell({ type: 'failure', requestId, code, text })
    if (this.#environment.wallMs() >= expiresAtMs) {
      fail('timeout', `${command.type} came to the order channel too late: it was never sent`)
      return
    }
    perform(channel, command, progress => tell({ type: 'progress', requestId, progress })).then(
      answer => tell({ type: 'answer', requestId, answer }),
      (error: unknown) => {
        const code = error instanceof ChannelError ? error.code : 'connection-lost'
        fail(code, messageOf(error).replace(`${code}: `, ''))
      },
    )
  }
}

function perform(
  channel: OrderChannel,
  { type, ...fields }: ChannelCommand,
  onProgress: (progress: CommandProgress) => void,
): Promise<unknown> {
  switch (type) {
    case 'order.place':
      return channel.place(fields as words.PlaceFields, { onProgress })
    case 'order.replace':
      return channel.replace(fields as words.ReplaceFields, { onProgress })
    case 'order.cancel':
      return channel.cancel(fields.origClientOrderId as string, { onProgress })
    case 'order.cancelAll':
      return channel.cancelAll(fields as words.CancelAllFields)
    case 'resend':
      return channel.resend(fields.from as number, fields.to as number | undefined)
    default:
      return channel.ping()
  }
}

/** Answers that are nobody else's: all but the account's private events, and these too when they are a repetition. */
function isForAskerOnly(answer: unknown): answer is words.OutboundMessage {
  if (typeof answer !== 'object' || answer === null || !('type' in answer)) return false
  if ('duplicate' in answer && answer.duplicate === true) return true
  return ['ack', 'error', 'pong', 'cancel.reject'].includes(String(answer.type))
}
