// Tries whether a transport passes, beside the one in use: opens it, waits until it works and lasts, and closes it.
// Delivers nothing. feed-session.ts opens it when the machine asks for it.

import { HELLO_MS, SHORT_STREAM_MS } from './session-state.ts'
import type { FeedTransport } from './transport-selection.ts'
import type { OpenTransport, TransportConnection, TransportOptions } from './transports/transport.ts'

/** @param onDone once, and never after close() */
export function openProbe(
  transport: FeedTransport,
  open: OpenTransport,
  options: TransportOptions,
  onDone: (passes: boolean) => void,
): TransportConnection {
  let isDone = false
  let cancelTimer = () => {}
  let connection: TransportConnection | undefined

  function close(): void {
    isDone = true
    cancelTimer()
    connection?.close()
  }

  function finish(passes: boolean): void {
    if (isDone) return
    close()
    onDone(passes)
  }

  cancelTimer = options.environment.setTimer(() => finish(false), HELLO_MS)
  connection = open(options, {
    onBytes() {},
    onFrame() {},
    onRetry() {},
    onOpen() {
      if (isDone) return
      cancelTimer()
      // One answer shows that polls pass; a stream has to last.
      if (transport === 'longPoll') finish(true)
      else cancelTimer = options.environment.setTimer(() => finish(true), SHORT_STREAM_MS)
    },
    onEnd: () => finish(false),
  })
  return { close }
}
