// A WebSocket class for the client's order channel that reports what passes through it, and lets connections fail: they
// offer no subprotocol, which the server refuses.

import type { SocketConstructor } from '@papertape/client'

export interface SocketRecorder {
  /** Connections are counted from 1. */
  opening(connection: number, socket: WebSocket): void
  received(connection: number, text: string): void
  closed(connection: number, event: CloseEvent): void
  mustFail(connection: number): boolean
}

export function recordedWebSocket(recorder: SocketRecorder): SocketConstructor {
  let connections = 0
  return class extends WebSocket {
    constructor(url: string, protocols: string) {
      const connection = ++connections
      super(url, recorder.mustFail(connection) ? [] : protocols)
      // Before those that the channel sets.
      this.addEventListener('message', ({ data }) => recorder.received(connection, String(data)))
      this.addEventListener('close', event => recorder.closed(connection, event))
      recorder.opening(connection, this)
    }
  }
}
