// What an order channel takes and offers, as types alone; order-channel.ts is it.

import type { ControlEvent, FeedEvent } from '@papertape/protocol'
import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { Environment } from '../platform/environment.ts'
import type * as words from './channel-messages.ts'
import type { CommandProgress } from './request-table.ts'

export interface ChannelOptions {
  /** `ws://host/v1/socket`; made from `baseUrl` when absent. */
  readonly url?: string
  /** Scheme, host, port and path prefix of the service, as the feed's and Rest's; the page's own origin when absent. */
  readonly baseUrl?: string
  /** The account's; when absent the HttpOnly cookie of the page's origin says who it is. */
  readonly token?: string
  /** false: no logon, for feed subscriptions alone. */
  readonly logon?: boolean
  readonly cancelOnDisconnect?: 'none' | 'connection' | 'account'
  /** A session to take over, from an earlier channel's `session`. */
  readonly session?: ChannelSession
  /** How often the server speaks at least; 15 s when absent. */
  readonly heartbeatMs?: number
  /** How long a command may take, the wait for a connection included; 10 s when absent. */
  readonly timeoutMs?: number
  /** Commands that may wait for the connection; 32 when absent. */
  readonly queueMax?: number
  onState?(state: ChannelState): void
  /**
   * The log that this address serves is known, or is another than before: another market, to which nothing that was
   * pending is sent. Comes before any answer of the new one.
   */
  onEpoch?(epoch: string, before: string | undefined): void
  /** Everything the server says, answers to commands included, except the feed's frames. */
  onMessage?(message: words.OutboundMessage): void
  readonly WebSocket?: SocketConstructor
  readonly environment?: Partial<Environment>
}

/** The part of WebSocket that is used; browsers' and Node's own, or the `ws` package's. */
export type SocketConstructor = new (url: string, protocols: string) => Socket
export interface Socket {
  readonly readyState: number
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

/** What a later connection needs to go on with the session. */
export interface ChannelSession {
  readonly sessionId: string
  /** The market that it is of; undefined before anything of it was known. */
  readonly epoch?: string | undefined
  /** The first private event that has not been seen. */
  readonly nextSeq: number | undefined
}

export type ChannelPhase = 'connecting' | 'loggingOn' | 'ready' | 'waiting' | 'closed'
export interface ChannelState {
  readonly phase: ChannelPhase
  /**
   * Whether the account may be shown as it is: `none` before it has come, `doubtful` from a loss or a silence until the
   * private stream has been caught up with.
   */
  readonly freshness: Freshness
  /** When it became doubtful, kept over all retries; this and the next two by the client's own wall clock. */
  readonly doubtfulSinceMs: number | undefined
  readonly sinceMs: number
  readonly lastArrivalMs: number | undefined
  readonly retryInMs: number | undefined
  readonly attempts: number
  /** Open, but silent for too long: a ping is out. */
  readonly doubtful: boolean
  readonly reason: StatusReason | undefined
  /** Commands that were sent and of which nobody knows yet what became of them. */
  readonly unresolved: number
  /** Of the market at this address; undefined before its first word. */
  readonly epoch: string | undefined
  readonly accountId: string | undefined
  readonly sessionId: string | undefined
  /** Whether the last logon took up where the one before had stopped. */
  readonly resumed: boolean
  /** Of the last ping; undefined before the first. */
  readonly roundTripMs: number | undefined
  readonly serverTimeOffsetMs: number | undefined
}

export interface OrderChannel {
  readonly state: ChannelState
  readonly session: ChannelSession | undefined
  /**
   * Once sent it is pending until the exchange's answer is known, over stalls, cuts and reconnects: it is sent again under
   * its clientOrderId, of which the server never makes a second order.
   */
  place(order: words.PlaceFields, options?: CommandOptions): Promise<words.PlaceAnswer>
  /** Like `place`. */
  replace(change: words.ReplaceFields, options?: CommandOptions): Promise<words.ChangeAnswer>
  /** Like `place`. */
  cancel(origClientOrderId: string, options?: CommandOptions): Promise<words.ChangeAnswer>
  cancelAll(filter?: words.CancelAllFields): Promise<words.CountAnswer>
  /** Asks for the private events from this seq on; they come as messages. */
  resend(from: number, to?: number): Promise<words.CountAnswer>
  /** @returns round-trip milliseconds */
  ping(): Promise<number>
  /** The feed on this socket: resumed by itself after a reconnect, each id once. The same name again changes it. */
  subscribe(
    params: words.SubscribeFields,
    handler: (event: FeedEvent | ControlEvent, id: string | undefined) => void,
  ): Promise<words.SubscribeAnswer>
  unsubscribe(subscription: string): Promise<words.SubscribeAnswer>
  reconnect(): void
  /** Logs out and closes, for good. */
  close(): void
  /** Closes for good without a logout: another channel may take `session` over. */
  leave(): void
}
