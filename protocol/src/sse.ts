// Encoder and incremental parser of Server-Sent Events (WHATWG HTML standard, section 9.2), for server, client and
// tests. No transport, no timers.

export interface SseFrame {
  /** Sets the last event id; the empty string resets it. */
  readonly id?: string
  /** `message` when absent. */
  readonly event?: string
  readonly data: string
}

const LINE_END = /\r\n|\r|\n/

/**
 * Encodes one event. Line ends in `data` are encoded as further data lines; a parser returns them as LF.
 * @throws {RangeError} when id or event contains a line end, or id a NUL: it would change the frame.
 */
export function encodeSse(frame: SseFrame): string {
  let text = ''
  if (frame.id !== undefined) text += `id: ${field('id', frame.id)}\n`
  if (frame.event !== undefined) text += `event: ${field('event', frame.event)}\n`
  for (const line of frame.data.split(LINE_END)) text += `data: ${line}\n`
  return `${text}\n`
}

/** Encodes the reconnection time, in whole milliseconds. */
export function encodeRetry(retryMs: number): string {
  if (!Number.isInteger(retryMs) || retryMs < 0) throw new RangeError('retry is a whole number of milliseconds')
  return `retry: ${retryMs}\n\n`
}

function field(name: string, value: string): string {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 10 || code === 13 || (code === 0 && name === 'id')) {
      throw new RangeError(`an SSE ${name} cannot hold a line end or NUL`)
    }
  }
  return value
}

export interface SseMessage {
  /** The last event id when the event was dispatched; empty when none was set. */
  readonly lastEventId: string
  readonly event: string
  readonly data: string
}

export interface SseParser {
  /** Parses the next part of the decoded stream, cut anywhere; calls a handler for each event that it completes. */
  push(text: string): void
  /** The Last-Event-ID of a reconnect. */
  readonly lastEventId: string
}

export interface SseHandlers {
  onMessage(message: SseMessage): void
  onRetry?(retryMs: number): void
  onComment?(text: string): void
  /**
   * The lines of a block as received, each ended by LF, before its event; looked up at the start of each block, and not
   * called for a block that had begun before.
   */
  readonly onBlock?: ((lines: string) => void) | undefined
}

/** Creates the parser of one connection; `lastEventId` is that of the connection before. */
export function createSseParser(handlers: SseHandlers, lastEventId = ''): SseParser {
  let rest = ''
  let atStart = true
  let afterCr = false
  let data: string[] = []
  let eventName = ''
  // Undefined while nobody wants the lines.
  let block = startBlock()
  // The standard keeps two: the buffer, and the id at the last dispatch.
  let idBuffer = lastEventId
  let idInForce = lastEventId

  function startBlock(): string | undefined {
    return handlers.onBlock === undefined ? undefined : ''
  }

  function dispatch(): void {
    idInForce = idBuffer
    if (data.length > 0) {
      handlers.onMessage({ lastEventId: idInForce, event: eventName || 'message', data: data.join('\n') })
    }
    data = []
    eventName = ''
  }

  function takeLine(line: string): void {
    if (block !== undefined) block += `${line}\n`
    if (line === '') {
      if (block !== undefined && block !== '\n') handlers.onBlock?.(block)
      block = startBlock()
      dispatch()
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) {
      handlers.onComment?.(line.slice(1))
      return
    }
    const name = colon < 0 ? line : line.slice(0, colon)
    const raw = colon < 0 ? '' : line.slice(colon + 1)
    const value = raw.startsWith(' ') ? raw.slice(1) : raw
    if (name === 'data') data.push(value)
    else if (name === 'event') eventName = value
    else if (name === 'id') idBuffer = value.includes('\0') ? idBuffer : value
    else if (name === 'retry' && /^[0-9]+$/.test(value)) handlers.onRetry?.(Number(value))
  }

  function push(text: string): void {
    let piece = text
    if (atStart && piece !== '') {
      atStart = false
      if (piece.startsWith('\uFEFF')) piece = piece.slice(1)
    }
    let from = 0
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i)
      // CRLF is one line end, also when the stream is cut between the two characters.
      if (code === 10 && afterCr) {
        afterCr = false
        from = i + 1
        continue
      }
      afterCr = code === 13
      if (code !== 10 && code !== 13) continue
      takeLine(rest + piece.slice(from, i))
      rest = ''
      from = i + 1
    }
    rest += piece.slice(from)
  }

  return {
    push,
    get lastEventId() {
      return idInForce
    },
  }
}
