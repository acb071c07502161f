// How a command fails: one line for the user and an exit code. Any other error is a bug and shows its stack.

import { nearestName } from '@papertape/protocol'
import { systemReason } from '../input/input-failure.ts'

/** After a signal: 128 plus its number, as shells do. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const

export class CliFailure extends Error {
  readonly exitCode: number

  constructor(exitCode: number, text: string) {
    super(text)
    this.name = 'CliFailure'
    this.exitCode = exitCode
  }
}

/** A signal has stopped the command. */
export class Interruption extends CliFailure {
  constructor(text = 'interrupted; the same command starts it again') {
    super(EXIT.interrupted, text)
    this.name = 'Interruption'
  }
}

export function usageFailure(text: string): CliFailure {
  return new CliFailure(EXIT.usage, text)
}

/** `; did you mean seed?`, or nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestName(word, known)
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

export function failed(text: string): CliFailure {
  return new CliFailure(EXIT.failed, text)
}

/** A failed system call as one line that names the file; other errors are returned unchanged. */
export function writeFailure(error: unknown, file: string): unknown {
  const reason = systemReason(error)
  return reason === undefined ? error : failed(`cannot write ${file}: ${reason}`)
}

/** The disk is full: what is written can be resumed later. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof CliFailure && /the disk (is full|quota is used up)$/.test(error.message)
}
