// Serves one lockstep session over standard input and output with blocking calls: the client waits for each answer, and
// the event loop would cost as much as the step. No signal handler runs meanwhile, so that none must be registered.

import { readSync, writeSync } from 'node:fs'
import type { LockstepSession } from '../../lockstep/session.ts'
import { writeFailure } from '../failure.ts'
import { createRequestReader } from './request-reader.ts'

const STDIN_FD = 0
const STDOUT_FD = 1
const CHUNK_BYTES = 1 << 16
/** A pipe that another program made non-blocking is tried again after this. */
const RETRY_MS = 1

/** Returns when the client has closed its end of either pipe. */
export function servePipe(session: LockstepSession): void {
  const reader = createRequestReader(session)
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (;;) {
    const length = readChunk(chunk)
    const answers = length === 0 ? reader.end() : reader.take(chunk.subarray(0, length))
    if (answers !== '' && !writeAnswers(answers)) return
    if (length === 0) return
  }
}

/** 0 at the end. */
function readChunk(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(STDIN_FD, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Windows reports the end of a pipe as an error.
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      pauseThread()
    }
  }
}

/** False when the client no longer reads. */
function writeAnswers(text: string): boolean {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(STDOUT_FD, bytes, written)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return false
      if (code !== 'EAGAIN') throw writeFailure(error, 'to standard output')
      pauseThread()
    }
  }
  return true
}

const NEVER_NOTIFIED = new Int32Array(new SharedArrayBuffer(4))

function pauseThread(): void {
  Atomics.wait(NEVER_NOTIFIED, 0, 0, RETRY_MS)
}
