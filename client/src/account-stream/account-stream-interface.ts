// The interface of an account's stream, as types alone. account-stream.ts implements it.

import type {
  AccountHeartbeat,
  AccountHello,
  AccountSnapshot,
  AuthExpired,
  Lagging,
  PrivateEvent,
  Reset,
  RetryNotice,
} from '@papertape/protocol'
import type { FeedPhase } from '../feed/feed-interface.ts'
import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { Environment } from '../platform/environment.ts'
import type { FrameTap } from '../platform/frame-tap.ts'

type Named<Type extends string, Data> = { readonly type: Type } & Data

/** The private events as the order channel sends them, and what is around them on the stream. */
export type AccountStreamMessage =
  | PrivateEvent
  | Named<'account.snapshot', AccountSnapshot>
  | Named<'hello', AccountHello>
  | Named<'reset', Reset>
  | Named<'heartbeat', AccountHeartbeat>
  | Named<'lagging', Lagging>
  | Named<'busy' | 'drain', RetryNotice>
  | Named<'auth-expired', AuthExpired>

export interface AccountStreamSettings {
  /** Scheme, host, port and path prefix of the service; the page's own origin when absent. */
  readonly baseUrl?: string
  /** Of the account, also a read-only one; when absent the HttpOnly cookie of the page's origin identifies it. */
  readonly token?: string
  /** `include` sends the cookie from a page of another origin that the server lists; `same-origin` when absent. */
  readonly credentials?: RequestCredentials
  /** Resumes from this position; without one the stream begins with a snapshot. */
  readonly last?: string
  /**
   * In order, each private event once. After a `reset` nothing that was received before is valid, and a snapshot
   * follows. `id` is the position of an event or a snapshot.
   */
  onMessage(message: AccountStreamMessage, id: string | undefined): void
  /** At each change of phase, freshness, attempts or reason. */
  onState?(state: AccountStreamState): void
  readonly environment?: Partial<Environment>
  /** Observes what is sent and received. */
  readonly tap?: FrameTap
}

export interface AccountStreamState {
  /** State of the connection; `closed` with a reason when the server refused it, or the token was revoked. */
  readonly phase: FeedPhase
  /** Whether the account may be shown as current: `stale` from a loss or a silence of two heartbeats until new data. */
  readonly freshness: Freshness
  /** When it became stale, kept over all retries, by the client's own wall clock. */
  readonly staleSinceMs: number | undefined
  /** The position reached: a reconnect resumes from it. */
  readonly lastEventId: string | undefined
  readonly accountId: string | undefined
  readonly retryInMs: number | undefined
  readonly attempts: number
  readonly reason: StatusReason | undefined
}

export interface AccountStream {
  readonly state: AccountStreamState
  /** Drops the connection, if any, and connects now, from the position. */
  reconnect(): void
  /** Permanently. */
  close(): void
}
