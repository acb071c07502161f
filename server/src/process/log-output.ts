// Where the server's lines go: standard output and standard error. A reader that has gone, a pipe that nobody empties or a full
// disk costs lines, and never stops or slows the market. For main.ts, and for Fastify's logger as its stream.

import { fstatSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'

/** What may wait for a reader that does not read; what comes on top is dropped. */
const WAITING_BYTES_MAX = 1024 * 1024

/** What is used of process.stdout and process.stderr. */
export interface LineStream {
  readonly fd: number
  readonly writableLength: number
  write(text: string): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
}

export class LogOutput {
  readonly #stream: LineStream
  /** A file or a device: written to directly, and tried again with each line. */
  readonly #isFile: boolean
  #lost = 0

  constructor(stream: LineStream) {
    this.#stream = stream
    this.#isFile = isFile(stream.fd)
    // EPIPE: the reader has gone, as in `npm start | head -1`. There is nobody left to be told.
    stream.on('error', () => {
      this.#lost++
    })
  }

  get isTerminal(): boolean {
    return isatty(this.#stream.fd)
  }

  /** Takes whole lines. */
  write(text: string): void {
    const isFirstAgain = this.#lost > 0
    if (!this.#put(text)) this.#lost++
    else if (isFirstAgain) this.#tellLost()
  }

  #tellLost(): void {
    if (this.#put(`papertape: ${this.#lost} lines before this one could not be written\n`)) this.#lost = 0
  }

  #put(text: string): boolean {
    if (!this.#isFile) {
      if (this.#stream.writableLength > WAITING_BYTES_MAX) return false
      this.#stream.write(text)
      return true
    }
    try {
      writeSync(this.#stream.fd, text)
      return true
    } catch {
      // A full disk, for one: whoever reads the log finds the gap counted.
      return false
    }
  }
}

function isFile(fd: number): boolean {
  if (isatty(fd)) return false
  try {
    const stats = fstatSync(fd)
    return !stats.isFIFO() && !stats.isSocket()
  } catch {
    // It was closed before we were started: Node has put /dev/null in its place, or will refuse each write.
    return true
  }
}
