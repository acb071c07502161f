// The port to what stands for a client's WebSocket: an intercepted one of MSW, or one end of a message port. Its other
// end is the client's.

export interface ClientSocket {
  /** The subprotocols that the client offers. */
  readonly protocols: readonly string[]
  /** Text as a text message, bytes as a binary one. */
  send(message: string | Uint8Array<ArrayBuffer>): void
  /** @param code 1006 for a connection that is lost without a close frame. */
  close(code: number, reason: string): void
  /** Fails before it is open: the client sees an error and 1006. */
  refuse(): void
}

/** What the client does; called by the adapter that made the socket. */
export interface SocketListener {
  receive(data: unknown): void
  closed(): void
}
