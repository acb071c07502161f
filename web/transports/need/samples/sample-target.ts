// What the samples are written for: a server, and an instrument to order.

export interface SampleTarget {
  /** The server's address without a slash at the end: `http://localhost:8080`. */
  readonly base: string
  /** An instrument, and the least size of an order for it. */
  readonly symbol: string
  readonly lotSize: number
}
