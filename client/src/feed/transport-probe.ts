// Tries whether a transport passes, next to the one in use: opens it, sees whether it comes up and holds, and closes it.
// Nothing of what it brings is delivered. Opened by feed-session.ts when session-machine.ts asks for it.

import { type FeedTransport, HELLO_MS, SHORT_STREAM_MS } from './session-state.ts'
import type { Connection, TransportHandlers, TransportOptions } from './transports/transport.ts'

type Open = (options: TransportOptions, handlers: TransportHandlers) => Connection

/** @param onDone once, and never after close(). */
export function openProbe(
  transport: FeedTransport,
  open: Open,
  options: TransportOptions,
  onDone: (passes: boolean) => void,
): Connection {
  let isOver = false
  let cancelTimer = () => {}
  let connection: Connection | undefined

  function close(): void {
    isOver = true
    cancelTimer()
    connection?.close()
  }

  function finish(passes: boolean): void {
    if (isOver) return
    close()
    onDone(passes)
  }

  cancelTimer = options.environment.setTimer(() => finish(false), HELLO_MS)
  connection = open(options, {
    onBytes() {},
    onFrame() {},
    onRetry() {},
    onOpen() {
      if (isOver) return
      cancelTimer()
      // One answer shows that polls pass; a stream has to hold.
      if (transport === 'longPoll') finish(true)
      else cancelTimer = options.environment.setTimer(() => finish(true), SHORT_STREAM_MS)
    },
    onEnd: () => finish(false),
  })
  return { close }
}
