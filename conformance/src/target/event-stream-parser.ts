// A parser of text/event-stream by the WHATWG standard (HTML, section 9.2.6), written apart from the one in protocol.
// It also lists what the standard allows and this contract does not: other line ends than LF, comments, unknown fields.

export interface StreamedBlock {
  /** The id field of this block; undefined when it has none. */
  readonly id: string | undefined
  readonly event: string
  /** The data as it was sent. */
  readonly text: string
}

export class EventStreamParser {
  /** Deviations from what the contract says of the bytes. */
  readonly faults: string[] = []
  /** The time of each `retry` field, and how many events came before it. */
  readonly retries: { readonly ms: number; readonly afterEvents: number }[] = []
  readonly #onBlock: (block: StreamedBlock) => void
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #rest = ''
  #events = 0
  #id: string | undefined
  #event = ''
  #data: string[] = []

  constructor(onBlock: (block: StreamedBlock) => void) {
    this.#onBlock = onBlock
  }

  push(bytes: Uint8Array): void {
    let text: string
    try {
      text = this.#decoder.decode(bytes, { stream: true })
    } catch {
      this.faults.push('bytes that are not UTF-8')
      return
    }
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) this.#takeLine(line)
  }

  #takeLine(sent: string): void {
    if (sent.includes('\r')) this.faults.push('a carriage return')
    if (sent.startsWith('\uFEFF')) this.faults.push('a byte order mark')
    const line = sent.replace(/\r$/, '').replace(/^\uFEFF/, '')
    if (line === '') this.#dispatch()
    else if (line.startsWith(':')) this.faults.push(`a comment: ${line}`)
    else this.#takeField(line)
  }

  #takeField(line: string): void {
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'event') this.#event = value
    else if (name === 'data') this.#data.push(value)
    else if (name === 'id') this.#id = value
    else if (name === 'retry' && /^\d+$/.test(value)) {
      this.retries.push({ ms: Number(value), afterEvents: this.#events })
    } else this.faults.push(`an unknown field: ${line.slice(0, 100)}`)
  }

  #dispatch(): void {
    if (this.#data.length > 0) {
      this.#events++
      this.#onBlock({ id: this.#id, event: this.#event, text: this.#data.join('\n') })
    } else if (this.#event !== '') this.faults.push(`an event without data: ${this.#event}`)
    this.#id = undefined
    this.#event = ''
    this.#data = []
  }
}
