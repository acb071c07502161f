// The control endpoint of the loss laboratory (`npm run lab`), as lab/ serves it and the Transports screen calls it.
// Not part of the service.

export const HTTP_VERSIONS = ['http1', 'http2', 'http3'] as const
export type HttpVersion = (typeof HTTP_VERSIONS)[number]

export const LOSS_LAB = {
  /** Of the control endpoint, at 127.0.0.1; the links are at the next three ports. */
  port: 8090,
  /** As many connections as a browser opens to an origin over HTTP/1.1. */
  streams: 6,
  /** Between two events of a stream. */
  intervalMs: 60,
} as const

export interface LossLink {
  /** `http://127.0.0.1:8091`; null when the link is not offered. */
  readonly origin: string | null
  /** Why it is not offered, and what to do; null when it is. */
  readonly absence: string | null
}

/** The answer to `GET /lab`. */
export interface LossLabAnswer {
  readonly links: Readonly<Record<HttpVersion, LossLink>>
  /** What a link adds in each direction. */
  readonly delayMs: number
  /** How long a TCP connection is held for a lost packet. */
  readonly retransmissionMs: number
  /** With these a Chromium uses HTTP/3 and accepts the certificate. */
  readonly browserFlags: readonly string[]
}

/** The answer to `POST /lab/drop?version=…`: the packet that was lost. */
export interface PacketLoss {
  readonly version: HttpVersion
  readonly bytes: number
  /** By the wall clock, since 1970. */
  readonly lostAtMs: number
  /** That carried events over the link at that moment. */
  readonly connections: number
}
