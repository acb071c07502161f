// Why an input file cannot be read, as one line for the user. Thrown by everything in this folder; the server and the
// command line print the message.

/** `reason` is the message without the file name, for callers that name the file themselves. */
export class InputFailure extends Error {
  readonly reason: string

  constructor(file: string, reason: string, text = `${file}: ${reason}`) {
    super(text)
    this.name = 'InputFailure'
    this.reason = reason
  }
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
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

/** What a failed system call means, for the user; undefined for any other error. */
export function systemReason(error: unknown): string | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return undefined
  return SYSTEM_REASONS[code] ?? `system error ${code}`
}

/** A system error as an InputFailure that names the file; other errors are returned unchanged. */
export function readFailure(error: unknown, file: string): unknown {
  const reason = systemReason(error)
  return reason === undefined ? error : new InputFailure(file, reason, `cannot read ${file}: ${reason}`)
}
