// The interface between the feed session and a transport: a connection that reports bytes, frames and, once, its end. A
// transport knows the wire; retries, positions and deadlines are the session's. feed-session.ts opens one at a time.

import type { StatusReason } from '../../platform/connection-status.ts'
import type { Environment } from '../../platform/environment.ts'
import type { FrameTap } from '../../platform/frame-tap.ts'

export interface TransportFrame {
  /** The event's name on the wire; undefined for a poll's `last`, which is not delivered. */
  readonly event: string | undefined
  readonly data: unknown
  /** The position that this frame itself carries. */
  readonly id: string | undefined
}

/** How a connection ended by itself; see SessionEvent for the meaning of each. */
export type TransportEnd =
  | { readonly type: 'ended'; readonly reason: StatusReason }
  | { readonly type: 'failed'; readonly reason: StatusReason; readonly retryMs: number | undefined }
  | { readonly type: 'refused'; readonly reason: StatusReason }

/** After close() the rest of a chunk may still be reported: the caller ignores it. */
export interface TransportHandlers {
  onBytes(count: number): void
  /** The connection works; from now on it is never silent for longer than `silenceMaxMs`. */
  onOpen(heartbeatMs: number, silenceMaxMs: number): void
  onFrame(frame: TransportFrame): void
  /** The stream's `retry` field. */
  onRetry(retryMs: number): void
  /** Once, and never after close(). */
  onEnd(end: TransportEnd): void
}

export interface TransportOptions {
  readonly environment: Environment
  /** Scheme, host, port and path prefix, no slash at the end; empty for the page's own origin. */
  readonly baseUrl: string
  /** Of the stream; `/v1/stream` when absent. */
  readonly path?: string
  /** What identifies the account of a private stream. */
  readonly request?: Pick<RequestInit, 'headers' | 'credentials'>
  /** The subscription as query parameters, without `last`. */
  readonly query: URLSearchParams
  readonly last: string | undefined
  /** Undefined in raw mode. */
  readonly maxHz: number | undefined
  /**
   * A snapshot is needed as well as the events after `last`, which was reached with a narrower subscription, or over a
   * stream and now is to be polled from.
   */
  readonly needsSnapshot: boolean
  readonly tap: FrameTap | undefined
}

export interface TransportConnection {
  close(): void
}

export type OpenTransport = (options: TransportOptions, handlers: TransportHandlers) => TransportConnection
