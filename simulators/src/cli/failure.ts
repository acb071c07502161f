// How a command ends badly: one clear line for a person and an exit code. Anything else that is thrown is a fault of
// ours and shows its stack.

import { nearestName } from '@papertape/protocol'

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

/** What is wrong with a file that was to be read; the reason alone is for who names the file otherwise. */
export class InputFailure extends CliFailure {
  readonly reason: string

  constructor(file: string, reason: string, text = `${file}: ${reason}`) {
    super(EXIT.failed, text)
    this.name = 'InputFailure'
    this.reason = reason
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

const FILE_TROUBLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'that is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EFBIG: 'the file would be too large',
  EIO: 'the disk failed',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
}

/** A system error as one line that names the file; other errors pass through. */
export function fileFailure(error: unknown, file: string, doing: 'read' | 'write'): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined || error instanceof CliFailure) return error
  const reason = FILE_TROUBLE[code] ?? `the system says ${code}`
  const text = `cannot ${doing} ${file}: ${reason}`
  return doing === 'read' ? new InputFailure(file, reason, text) : failed(text)
}

/** The disk has no room for more: what is there may be gone on with when it has. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof CliFailure && /the disk (is full|quota is used up)$/.test(error.message)
}
