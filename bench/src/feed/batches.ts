// Batches of events as the server wrote them to one reader, and what peers are sent of them: the same events in the
// same batches at the same distances, with the time of the publication as `ts`. Does no I/O and reads no clock.

export interface RecordedBatch {
  /** When it arrived, in milliseconds from the start of the recording. */
  readonly atMs: number
  readonly events: readonly RecordedEvent[]
}

export interface RecordedEvent {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** Gathers the text of a stream into batches: what came in one piece, until it ends with an event. */
export class BatchRecorder {
  readonly batches: RecordedBatch[] = []
  #unread = ''
  #sinceMs = 0

  push(text: string, atMs: number): void {
    if (this.#unread === '') this.#sinceMs = atMs
    this.#unread += text
    if (!this.#unread.endsWith('\n\n')) return
    const events = parseEvents(this.#unread)
    this.#unread = ''
    if (events.length > 0) this.batches.push({ atMs: this.#sinceMs, events })
  }
}

/** Events of the market alone: what has no `seq` is about the stream itself. */
export function parseEvents(text: string): RecordedEvent[] {
  const events = text.split('\n\n').map(block => ({
    id: fieldOf(block, 'id'),
    event: fieldOf(block, 'event'),
    data: fieldOf(block, 'data'),
  }))
  return events.filter(({ data }) => data.startsWith('{"seq":'))
}

function fieldOf(block: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
}

/** @param ts microseconds since 1970 */
export function stampEvents({ events }: RecordedBatch, ts: number): RecordedEvent[] {
  return events.map(({ id, event, data }) => ({ id, event, data: data.replace(/"ts":\d+/, `"ts":${ts}`) }))
}

/** Conflated quotes and books have no id. */
export function encodeEvents(events: readonly RecordedEvent[]): string {
  const idLine = (id: string) => (id === '' ? '' : `id: ${id}\n`)
  return events.map(({ id, event, data }) => `${idLine(id)}event: ${event}\ndata: ${data}\n\n`).join('')
}

/** As peers read it from their port: the length in four bytes, most significant first, and the text. */
export function frameBatch(events: readonly RecordedEvent[]): Buffer {
  const text = Buffer.from(encodeEvents(events))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(text.length)
  return Buffer.concat([head, text])
}

/** Calls back with the text of each batch of a stream of frames, in whatever pieces that arrives. */
export function createFrameReader(onBatch: (text: string) => void): (chunk: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0)
  return chunk => {
    unread = Buffer.concat([unread, chunk])
    while (unread.length >= 4 && unread.length >= 4 + unread.readUInt32BE()) {
      const end = 4 + unread.readUInt32BE()
      onBatch(unread.toString('utf8', 4, end))
      unread = unread.subarray(end)
    }
  }
}
