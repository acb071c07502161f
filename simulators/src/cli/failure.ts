// How a command ends badly: one clear line for a person and an exit code. Anything else that is thrown is a fault of
// ours and shows its stack.

import { nearestName } from '@papertape/protocol'
import { systemReason } from '../input/input-failure.ts'

/** A command that a signal has stopped ends as a shell says it: 128 and the signal's number. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const

export class CliFailure extends Error {
  readonly exitCode: number

  constructor(exitCode: number, text: string) {
    super(text)
    this.name = 'CliFailure'
    this.exitCode = exitCode
  }
}

/** The user has stopped the command. What it has written so far may be gone on with. */
export class Interruption extends CliFailure {
  constructor(text = 'interrupted; the same command starts it again') {
    super(EXIT.interrupted, text)
    this.name = 'Interruption'
  }
}

export function usageFailure(text: string): CliFailure {
  return new CliFailure(EXIT.usage, text)
}

/** `; did you mean seed?`, nothing when no known word is near. */
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

/** The disk has no room for more: what is there may be gone on with when it has. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof CliFailure && /the disk (is full|quota is used up)$/.test(error.message)
}
