// Writes log lines to standard output or standard error. When the reader has gone, does not read, or the disk is full,
// lines are dropped and counted; the market never waits. For main.ts, and the stream of Fastify's logger.

import { fstatSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'

/** Bytes that may wait for a reader; further lines are dropped. */
const WAITING_BYTES_MAX = 1024 * 1024

/** The part of process.stdout and process.stderr that is used. */
export interface OutputStream {
  readonly fd: number
  readonly writableLength: number
  write(text: string): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
}

export class LogOutput {
  readonly #stream: OutputStream
  /** A file or a device: written to synchronously. */
  readonly #isFile: boolean
  #lost = 0

  constructor(stream: OutputStream) {
    this.#stream = stream
    this.#isFile = isFile(stream.fd)
    // EPIPE: the reader has gone, as in `npm start | head -1`.
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
    else if (isFirstAgain) this.#reportLost()
  }

  #reportLost(): void {
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
      // For example a full disk. The number of lost lines is logged later.
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
    // Closed before the process started: Node has opened /dev/null in its place, or refuses each write.
    return true
  }
}
