// What a feed transport is to the session: a connection that reports bytes, frames and, once, its end. The transports
// know the wire and nothing of retries, positions or deadlines; feed-session.ts opens them, one at a time.

import type { StatusReason } from '../../platform/connection-status.ts'
import type { Environment } from '../../platform/environment.ts'
import type { FrameKind } from '../resume-position.ts'

export interface TransportFrame {
  /** The event's name on the wire; a poll's `last` has none and is not delivered. */
  readonly event: string | undefined
  readonly data: unknown
  /** The position that this frame itself carries. */
  readonly id: string | undefined
}

/** How a connection ended by itself; see SessionEvent for what each means. */
export type TransportEnd =
  | { readonly type: 'ended'; readonly reason: StatusReason }
  | { readonly type: 'failed'; readonly reason: StatusReason; readonly retryMs: number | undefined }
  | { readonly type: 'refused'; readonly reason: StatusReason }

/** After close() a chunk may still be read to its end: whoever closed does not listen any more. */
export interface TransportHandlers {
  onBytes(count: number): void
  /** The connection works; from now on it is never silent for longer than `silenceMaxMs`. */
  onOpen(heartbeatMs: number, silenceMaxMs: number): void
  onFrame(frame: TransportFrame): void
  onRetry(retryMs: number): void
  /** Once, and never after close(). */
  onEnd(over: TransportEnd): void
}

export interface TransportOptions {
  readonly environment: Environment
  /** Scheme, host, port and path prefix, no slash at the end; empty for the page's own origin. */
  readonly baseUrl: string
  /** The subscription as query parameters, without `last`. */
  readonly query: URLSearchParams
  readonly last: string | undefined
  /** Undefined in raw mode. */
  readonly maxHz: number | undefined
  /** What `last` was reached with was a narrower subscription: a snapshot is due, as well as what came after `last`. */
  readonly isWidened: boolean
}

export interface Connection {
  close(): void
}

const KINDS: Readonly<Record<string, FrameKind>> = {
  trade: 'durable',
  quote: 'durable',
  book: 'durable',
  candle: 'durable',
  status: 'durable',
  news: 'durable',
  snapshot: 'snapshot',
  reset: 'reset',
  hello: 'hello',
  heartbeat: 'mark',
}

/** What an event's name means to the position. Names that are new to us are passed on and move nothing. */
export function frameKind(event: string | undefined): FrameKind {
  return event === undefined ? 'mark' : Object.hasOwn(KINDS, event) ? KINDS[event]! : 'control'
}
