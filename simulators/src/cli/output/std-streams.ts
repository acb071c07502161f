// Standard output and standard error as commands use them: a reader that has seen enough, as head does, and a disk that is
// full are told apart, and neither is a stack trace. The only place that writes to either, but for progress.

import { CliFailure, EXIT, writeFailure } from '../failure.ts'

/** As --out: standard output itself. */
export const STDOUT = '-'

/** The reader of standard output has closed it: its right, and the end of what was written for it alone. */
export class OutputClosed extends CliFailure {
  constructor() {
    super(EXIT.ok, '')
    this.name = 'OutputClosed'
  }
}

/** Once: without a listener a closed pipe would end the process with a stack. Callers hear of it by their own writes. */
export function ignoreStreamErrors(): void {
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
}

/**
 * What is written for the next program. Settles when it is on its way.
 * @throws {OutputClosed} when nobody reads it any more.
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
 * Results for a person. Where standard output carries a file they go to standard error; when nobody reads them the command
 * goes on all the same, for it may write files, and its exit code says how it went.
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

/** To a person, whatever standard output is. */
export function note(text: string): void {
  process.stderr.write(text)
}

function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ECONNRESET'
}
