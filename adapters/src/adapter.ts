// The port between a venue's adapter and the server: requests, answers and sockets without an HTTP server. Each venue
// implements Adapter; server/src/transports/adapters.ts mounts it below its prefix.

import type { CloseCause, CodedError } from '@papertape/gateway'

export interface AdapterRequest {
  readonly method: string
  /** Below the prefix, without the query: `/v2/orders`. */
  readonly path: string
  /** The query as it was sent, without the question mark: a signature is over its very characters. */
  readonly queryText: string
  /** Names in lower case. */
  readonly headers: AdapterHeaders
  /** Empty without one. */
  readonly bodyText: string
}

export type AdapterHeaders = Readonly<Record<string, string | undefined>>

export interface AdapterAnswer {
  readonly status: number
  /** Sent as JSON; nothing is sent when undefined. */
  readonly body?: unknown
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What a socket's stream needs of its connection. */
export interface AdapterConnection {
  /** Nothing but the close frame is sent any more, and nothing handled. */
  readonly isEnding: boolean
  /** False while more waits for the peer than should. */
  readonly hasRoom: boolean
  /** Text as a text frame, bytes as a binary one. */
  send(data: string | Uint8Array): void
  /** Settles when the peer has read most of what was sent, or has gone. */
  room(): Promise<void>
  close(cause: CloseCause): void
  /** Reads nothing more: what the peer still sends costs nothing. */
  closeFlood(cause: CloseCause): void
  /** The peer does not keep up: the close frame comes after what waits. */
  closeLagging(): void
  pause(): void
  resume(): void
}

/** The service's end of one WebSocket of a client. */
export interface AdapterSocket {
  receive(data: string | Uint8Array): void
  /** A ping or pong has come: counts against the rate, as a message does. */
  receiveControlFrame(): void
  /** The connection ends: gives back everything that it held. */
  release(): void
}

export interface Adapter {
  /** `/alpaca` */
  readonly prefix: `/${string}`
  /** Does not throw: what goes wrong is an answer in the venue's own form. */
  answer(request: AdapterRequest): Promise<AdapterAnswer>
  /** An error that was found before the adapter had the request. */
  answerError(error: CodedError): AdapterAnswer
  /** undefined where the venue has no stream. */
  openSocket(request: AdapterRequest): ((connection: AdapterConnection) => AdapterSocket) | undefined
}
