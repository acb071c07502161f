// Standard output and standard error: separates a closed reader (`… | head`) from write errors such as a full disk.
// Only progress.ts writes to standard error beside this file.

import { CliFailure, EXIT, writeFailure } from '../failure.ts'

/** The value of --out for standard output. */
export const STDOUT = '-'

/** The reader has closed standard output: not an error, and the end of a command that only writes there. */
class OutputClosed extends CliFailure {
  constructor() {
    super(EXIT.ok, '')
    this.name = 'OutputClosed'
  }
}

/**
 * Call once: without a listener a closed pipe would crash the process. Writers get the error in their own callbacks.
 */
export function ignoreStreamErrors(): void {
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
}

/**
 * Writes data for the next program. Settles when it is written.
 * @throws {OutputClosed} when the reader has closed it.
 */
export function writeOut(text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, error => {
      if (error === null || error === undefined) resolve()
      else reject(isClosed(error) ? new OutputClosed() : writeFailure(error, 'to standard output'))
    })
  })
}

/**
 * Prints results for the user: to standard error when standard output carries the file. A closed reader is ignored,
 * because the command may still write files.
 */
export async function printResults(text: string, out?: string): Promise<void> {
  if (out === STDOUT) {
    note(text)
    return
  }
  await writeOut(text).catch(error => {
    if (!(error instanceof OutputClosed)) throw error
  })
}

/** Prints a message for the user to standard error. */
export function note(text: string): void {
  process.stderr.write(text)
}

function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ECONNRESET'
}
