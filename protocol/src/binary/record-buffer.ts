// A buffer that records are written to, one after the other, and taken from as one message. Grows as needed.

import { MESSAGE_BYTES } from './layout.ts'

export class RecordBuffer {
  bytes = new Uint8Array(2 * MESSAGE_BYTES)
  view = new DataView(this.bytes.buffer)
  length = 0

  /** Makes room for a record. `bytes` and `view` may be others after it. @returns where the record begins. */
  add(bytes: number): number {
    const at = this.length
    this.length += bytes
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, 2 * this.bytes.length))
      grown.set(this.bytes.subarray(0, at))
      this.bytes = grown
      this.view = new DataView(grown.buffer)
    }
    return at
  }

  /** What was written since the last time; empty after it. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length)
    this.length = 0
    if (this.bytes.length > 2 * MESSAGE_BYTES) {
      this.bytes = new Uint8Array(2 * MESSAGE_BYTES)
      this.view = new DataView(this.bytes.buffer)
    }
    return taken
  }
}
