// Counts connections that stay open - streams, long polls, WebSockets - and the bytes that are sent to them. The
// transports count what happens to each; nothing here knows how it is sent.

import { CLOSE_CODES } from '@papertape/protocol'
import { LabeledValues, type ValueSeries } from './labeled-values.ts'

/** What can be connected to, and over which transport. */
const ENDPOINTS = {
  stream: 'sse',
  accountStream: 'sse',
  simulationStream: 'sse',
  poll: 'longPoll',
  orderChannel: 'websocket',
  adapter: 'websocket',
} as const
export type Endpoint = keyof typeof ENDPOINTS
const PROTOCOLS = ['http/1.0', 'http/1.1', 'http/2'] as const
export type ConnectionProtocol = (typeof PROTOCOLS)[number]

/**
 * How each ends. A stream: the client has left, the server closes, the stream was old, the client did not read, the log
 * could not be read, it was refused, the simulation is over. A poll: answered, or the client has left before.
 */
const CODES = {
  sse: ['left', 'drain', 'rotated', 'lagging', 'failed', 'busy', 'done'],
  longPoll: ['answered', 'left'],
  // 1005: a close frame without a code. 1006: the connection was lost.
  websocket: [...Object.keys(CLOSE_CODES), '1005', 'other'],
} as const

export class ConnectionCounts {
  readonly open = new LabeledValues()
  readonly opened = new LabeledValues()
  readonly closed = new LabeledValues()
  readonly sentBytes = new LabeledValues()
  #openCount = 0

  /** Every series is there from the start: a rate would miss the first of one that appears later. */
  constructor() {
    for (const [endpoint, transport] of Object.entries(ENDPOINTS)) {
      for (const protocol of PROTOCOLS) {
        if (transport === 'websocket' && protocol === 'http/1.0') continue
        this.open.at(transport, endpoint, protocol)
        this.opened.at(transport, endpoint, protocol)
      }
      for (const code of CODES[transport]) this.closed.at(transport, endpoint, code)
      this.sentBytes.at(transport, endpoint)
    }
  }

  /** Of all kinds. */
  get openCount(): number {
    return this.#openCount
  }

  add(endpoint: Endpoint, protocol: ConnectionProtocol): CountedConnection {
    const transport = ENDPOINTS[endpoint]
    this.opened.at(transport, endpoint, protocol).value++
    const open = this.open.at(transport, endpoint, protocol)
    open.value++
    this.#openCount++
    return new CountedConnection(this, { endpoint, open, sent: this.sentBytes.at(transport, endpoint) })
  }

  addClosed(endpoint: Endpoint, code: string): void {
    this.#openCount--
    const transport = ENDPOINTS[endpoint]
    const known: readonly string[] = CODES[transport]
    this.closed.at(transport, endpoint, known.includes(code) ? code : 'other').value++
  }
}

export class CountedConnection {
  /** Add to its value what is sent. */
  readonly sent: ValueSeries
  readonly #counts: ConnectionCounts
  readonly #endpoint: Endpoint
  /** Those that are open; undefined once it is none of them. */
  #open: ValueSeries | undefined

  constructor(
    counts: ConnectionCounts,
    { endpoint, open, sent }: { endpoint: Endpoint; open: ValueSeries; sent: ValueSeries },
  ) {
    this.sent = sent
    this.#counts = counts
    this.#endpoint = endpoint
    this.#open = open
  }

  /** The first call counts. */
  close(code: string): void {
    const open = this.#open
    if (open === undefined) return
    this.#open = undefined
    open.value--
    this.#counts.addClosed(this.#endpoint, code)
  }
}
