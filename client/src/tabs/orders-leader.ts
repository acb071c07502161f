// What the leading tab does for shared orders: holds the one order channel, carries out the commands of the other tabs,
// and brings a tab that joins up to date. Called by shared-orders.ts.

import type { Clock } from '@papertape/protocol'
import type { ChannelOptions, ChannelSession, ChannelState, OrderChannel } from '../orders/channel-interface.ts'
import type {
  CancelAllFields,
  LogonOk,
  OutboundMessage,
  PlaceFields,
  ReplaceFields,
  Welcome,
} from '../orders/channel-messages.ts'
import { openOrderChannel } from '../orders/order-channel.ts'
import {
  type ChannelCommand,
  ChannelError,
  type ChannelErrorCode,
  type CommandProgress,
} from '../orders/request-table.ts'
import type { JoinOptions, SayOptions } from '../orders/room-interface.ts'
import { messageOf } from '../rest/problem.ts'
import type { AccountView } from '../views/account-view.ts'

/** Between the tabs of a group. */
export type OrderTabMessage =
  | { readonly type: 'state'; readonly state: ChannelState; readonly atMs: number }
  /** A message of the server to all readers of the account. */
  | { readonly type: 'message'; readonly message: OutboundMessage }
  | { readonly type: 'answer'; readonly requestId: number; readonly answer: unknown }
  | { readonly type: 'progress'; readonly requestId: number; readonly progress: CommandProgress }
  | { readonly type: 'failure'; readonly requestId: number; readonly code: ChannelErrorCode; readonly text: string }
  /** The position of this follower in the private stream. */
  | { readonly type: 'join'; readonly privateEpoch: string | undefined; readonly seq: number | undefined }
  | {
      readonly type: 'command'
      readonly requestId: number
      readonly command: ChannelCommand
      /** By the wall clock. A leader that was frozen must not send a command that its tab has given up. */
      readonly expiresAtMs: number
    }
  | { readonly type: 'reconnect' }

/** The account as the leading tab knows it. */
interface AccountRecord {
  readonly welcome: Welcome | undefined
  readonly logon: LogonOk | undefined
  readonly view: AccountView
}

interface OrdersLeaderPorts {
  readonly clock: Clock
  /** Of the channel; session and callbacks are set here. */
  readonly options: Omit<ChannelOptions, 'session' | 'onState' | 'onMessage' | 'onEpoch'>
  account(): AccountRecord
  /** The state to report to other tabs. */
  state(): ChannelState
  /** To all followers, or to one. */
  send(message: OrderTabMessage, to?: string): void
  onMessage(message: OutboundMessage): void
  onState(state: ChannelState): void
}

export class OrdersLeader {
  readonly #ports: OrdersLeaderPorts
  #channel: OrderChannel | undefined
  /** That the channel has joined, for whichever tab. */
  readonly #rooms = new Set<string>()

  constructor(ports: OrdersLeaderPorts) {
    this.#ports = ports
  }

  /** Undefined unless leading. */
  get channel(): OrderChannel | undefined {
    return this.#channel
  }

  /** @param session to take over, of the leader before */
  start(session: ChannelSession | undefined): void {
    const channel = openOrderChannel({
      ...this.#ports.options,
      ...(session === undefined ? {} : { session }),
      onState: state => {
        if (channel === this.#channel) this.#ports.onState(state)
      },
      onMessage: message => {
        if (channel !== this.#channel) return
        if (!isForSenderOnly(message)) this.#ports.send({ type: 'message', message })
        this.#ports.onMessage(message)
      },
    })
    this.#channel = channel
    this.#rooms.clear()
  }

  /** @returns the channel, which the caller closes; its callbacks are ignored from now on */
  stop(): OrderChannel | undefined {
    const channel = this.#channel
    this.#channel = undefined
    return channel
  }

  /** Runs a command of the leader's own tab. The handlers are not called after `stop`: the next leader answers then. */
  execute(
    command: ChannelCommand,
    handlers: {
      onProgress(progress: CommandProgress): void
      onAnswer(answer: unknown): void
      onError(error: unknown): void
    },
  ): void {
    const channel = this.#channel
    if (channel === undefined) return
    const ifCurrent =
      <T>(handle: (value: T) => void) =>
      (value: T) => {
        if (channel === this.#channel) handle(value)
      }
    const onProgress = ifCurrent(handlers.onProgress)
    if (command.type === 'room.join') this.#rooms.add(command.room as string)
    sendCommand(channel, command, onProgress).then(ifCurrent(handlers.onAnswer), ifCurrent(handlers.onError))
  }

  /** No tab is in the other rooms any more. */
  leaveRoomsExcept(needed: readonly string[]): void {
    for (const room of [...this.#rooms].filter(joined => !needed.includes(joined))) {
      this.#rooms.delete(room)
      void this.#channel?.leaveRoom(room)
    }
  }

  /** Runs a command of another tab. */
  executeFor({ requestId, command, expiresAtMs }: Extract<OrderTabMessage, { type: 'command' }>, from: string): void {
    const { send, clock } = this.#ports
    const fail = (code: ChannelErrorCode, text: string) => send({ type: 'failure', requestId, code, text }, from)
    if (this.#channel !== undefined && clock.wallMs() >= expiresAtMs) {
      fail('timeout', `${command.type} reached the order channel too late: it was never sent`)
      return
    }
    this.execute(command, {
      onProgress: progress => send({ type: 'progress', requestId, progress }, from),
      onAnswer: answer => send({ type: 'answer', requestId, answer }, from),
      onError: error => {
        const code = error instanceof ChannelError ? error.code : 'connection-lost'
        fail(code, messageOf(error).replace(`${code}: `, ''))
      },
    })
  }

  /** Sends a follower what it lacks: the missed events, or the account as a snapshot. */
  bringUpToDate({ privateEpoch, seq }: Extract<OrderTabMessage, { type: 'join' }>, from: string): void {
    if (this.#channel === undefined) return
    const { send, clock, state } = this.#ports
    const { welcome, logon, view } = this.#ports.account()
    send({ type: 'state', state: state(), atMs: clock.wallMs() }, from)
    if (welcome !== undefined) send({ type: 'message', message: welcome }, from)
    if (logon === undefined) return
    send({ type: 'message', message: logon }, from)
    if (view.seq === undefined) return
    const isSameStream = privateEpoch === logon.privateEpoch && seq !== undefined
    if (isSameStream && seq >= view.seq) return
    if (!isSameStream) {
      this.#sendAccount(from)
      return
    }
    // The events go to all tabs as messages; tabs that have them ignore them.
    this.#channel.resend(seq + 1).then(
      answer => answer.type !== 'ack' && this.#sendAccount(from),
      () => this.#sendAccount(from),
    )
  }

  #sendAccount(to: string): void {
    const message = this.#ports.account().view.snapshot()
    if (message !== undefined) this.#ports.send({ type: 'message', message }, to)
  }
}

function sendCommand(
  channel: OrderChannel,
  { type, ...fields }: ChannelCommand,
  onProgress: (progress: CommandProgress) => void,
): Promise<unknown> {
  switch (type) {
    case 'order.place':
      return channel.place(fields as PlaceFields, { onProgress })
    case 'order.replace':
      return channel.replace(fields as ReplaceFields, { onProgress })
    case 'order.cancel':
      return channel.cancel(fields.origClientOrderId as string, { onProgress })
    case 'order.cancelAll':
      return channel.cancelAll(fields as CancelAllFields)
    case 'order.cancelAllAfter':
      return channel.cancelAllAfter(fields.timeoutMs as number)
    case 'resend':
      return channel.resend(fields.from as number, fields.to as number | undefined)
    case 'room.join':
      // What happens in the room goes to all tabs as messages.
      return channel.joinRoom(fields.room as string, () => {}, fields as JoinOptions)
    case 'room.message':
      return channel.say(fields.room as string, fields.text as string, fields as SayOptions)
    case 'room.typing':
      channel.typing(fields.room as string)
      return Promise.resolve({ type: 'ack' })
    default:
      return channel.ping()
  }
}

/** Answers to one sender: everything but the account's private events, and repetitions of these. */
export function isForSenderOnly(answer: unknown): answer is OutboundMessage {
  if (typeof answer !== 'object' || answer === null || !('type' in answer)) return false
  if ('duplicate' in answer && answer.duplicate === true) return true
  return ['ack', 'error', 'pong', 'cancel.reject'].includes(String(answer.type))
}
