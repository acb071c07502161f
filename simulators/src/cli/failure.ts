// How a command ends badly: one clear line for a person and an exit code. Anything else that is thrown is a fault of
// ours and shows its stack.

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const

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
  constructor(text = 'interrupted') {
    super(EXIT.failed, text)
    this.name = 'Interruption'
  }
}

export function usageFailure(text: string): CliFailure {
  return new CliFailure(EXIT.usage, text)
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
}

/** A system error as one line that names the file; other errors pass through. */
export function fileFailure(error: unknown, file: string, doing: 'read' | 'write'): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined || error instanceof CliFailure) return error
  const reason = FILE_TROUBLE[code] ?? (code.startsWith('Z_') ? 'it is not a sound gzip file' : undefined)
  return reason === undefined ? error : failed(`cannot ${doing} ${file}: ${reason}`)
}
