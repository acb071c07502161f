// The interface of the order channel, as types alone. order-channel.ts and tabs/shared-orders.ts implement it.

import type { ControlEvent, FeedEvent } from '@papertape/protocol'
import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { Environment } from '../platform/environment.ts'
import type { FrameTap } from '../platform/frame-tap.ts'
import type {
  CancelAllFields,
  ChangeAnswer,
  CountAnswer,
  OutboundMessage,
  PlaceAnswer,
  PlaceFields,
  ReplaceFields,
  SubscribeAnswer,
  SubscribeFields,
} from './channel-messages.ts'
import type { CommandProgress } from './request-table.ts'
import type { RoomEntry } from './room-interface.ts'

export interface ChannelOptions {
  /** `ws://host/v1/socket`; made from `baseUrl` when absent. */
  readonly url?: string
  /** Scheme, host, port and path prefix of the service, as for the feed and Rest; the page's own origin when absent. */
  readonly baseUrl?: string
  /** Of the account; when absent the HttpOnly cookie of the page's origin identifies it. */
  readonly token?: string
  /** false: no logon, for feed subscriptions alone. */
  readonly logon?: boolean
  readonly cancelOnDisconnect?: 'none' | 'connection' | 'account'
  /** How long cancelOnDisconnect waits for the session to return, milliseconds; 0 when absent. */
  readonly graceMs?: number
  /** A session to take over, from an earlier channel's `session`. */
  readonly session?: ChannelSession
  /** How often the server sends at least; 15 s when absent. */
  readonly heartbeatMs?: number
  /** How long a command may take, including the wait for a connection; 10 s when absent. */
  readonly timeoutMs?: number
  /** Commands that may wait for the connection; 32 when absent. */
  readonly queueMax?: number
  onState?(state: ChannelState): void
  /**
   * The epoch of this address became known, or changed: then it is another market, and no pending command is sent to
   * it. Called before any answer of the new market.
   */
  onEpoch?(epoch: string, before: string | undefined): void
  /** Every message of the server, including answers to commands, except frames of the feed. */
  onMessage?(message: OutboundMessage): void
  readonly WebSocket?: SocketConstructor
  readonly environment?: Partial<Environment>
  /** Observes what is sent and received. */
  readonly tap?: FrameTap
}

/** The part of WebSocket that is used; browsers' and Node's own, or the `ws` package's. */
export type SocketConstructor = new (url: string, protocols: string) => Socket
export interface Socket {
  readonly readyState: number
  /** Set to `arraybuffer`: binary events come as they are, without a read that ends later. */
  binaryType?: string
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(code?: number, reason?: string): void
}

export interface CommandOptions {
  /** At each change, never after the answer. */
  onProgress?(progress: CommandProgress): void
}

/** What a later connection needs to continue the session. */
export interface ChannelSession {
  readonly sessionId: string
  /** Of its market; undefined before it was known. */
  readonly epoch?: string | undefined
  /** The first private event that was not received. */
  readonly nextSeq: number | undefined
}

export type ChannelPhase = 'connecting' | 'loggingOn' | 'ready' | 'waiting' | 'closed'
export interface ChannelState {
  readonly phase: ChannelPhase
  /**
   * Whether the account may be shown as current: `none` before it was received, `stale` from a loss or a silence until
   * the private stream is up to date again.
   */
  readonly freshness: Freshness
  /** When it became stale, kept over all retries; this and the next two by the client's own wall clock. */
  readonly staleSinceMs: number | undefined
  readonly sinceMs: number
  readonly lastArrivalMs: number | undefined
  readonly retryInMs: number | undefined
  readonly attempts: number
  /** Open, but silent for too long: a ping was sent to check it. */
  readonly silent: boolean
  readonly reason: StatusReason | undefined
  /** Commands that were sent and whose outcome is not known. */
  readonly unresolved: number
  /** Of the market at this address; undefined before its first message. */
  readonly epoch: string | undefined
  readonly accountId: string | undefined
  readonly sessionId: string | undefined
  /** Whether the last logon resumed the private stream. */
  readonly resumed: boolean
  /** Of the last ping; undefined before the first. */
  readonly roundTripMs: number | undefined
  readonly serverTimeOffsetMs: number | undefined
}

export interface OrderChannel extends RoomEntry {
  readonly state: ChannelState
  readonly session: ChannelSession | undefined
  /**
   * Once sent it is pending until the exchange's answer is known, over stalls, losses and reconnects: it is sent again
   * under its clientOrderId, for which the server never creates a second order.
   */
  place(order: PlaceFields, options?: CommandOptions): Promise<PlaceAnswer>
  /** Like `place`. */
  replace(change: ReplaceFields, options?: CommandOptions): Promise<ChangeAnswer>
  /** Like `place`. */
  cancel(origClientOrderId: string, options?: CommandOptions): Promise<ChangeAnswer>
  cancelAll(filter?: CancelAllFields): Promise<CountAnswer>
  /**
   * The account's dead man's switch: cancels all open orders after this time unless it is called again; 0 switches it
   * off. Like `place`: the last one counts, also after a reconnect.
   */
  cancelAllAfter(timeoutMs: number): Promise<CountAnswer>
  /** Asks for the private events from this seq on; they arrive as messages. */
  resend(from: number, to?: number): Promise<CountAnswer>
  /** @returns round-trip milliseconds */
  ping(): Promise<number>
  /**
   * The feed on this socket: resumed after a reconnect, each id once. The same name again changes it. With the encoding
   * `binary` the handler gets the same events.
   */
  subscribe(
    params: SubscribeFields,
    handler: (event: FeedEvent | ControlEvent, id: string | undefined) => void,
  ): Promise<SubscribeAnswer>
  unsubscribe(subscription: string): Promise<SubscribeAnswer>
  reconnect(): void
  /** Logs out and closes, permanently. */
  close(): void
  /** Closes permanently without a logout: another channel may take `session` over. */
  leave(): void
}
