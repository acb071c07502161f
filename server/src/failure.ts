// One line for a person about what ended the service or kept it from starting: what happened, and what to do where we
// know. By code, not by class: the errors of the venue's thread arrive as plain ones.

interface Failure {
  readonly code?: string
  readonly message: string
  readonly stack?: string
  readonly port?: number
  readonly syscall?: string
  /** SQLite's own number. */
  readonly errcode?: number
}

const SQLITE = { busy: 5, readOnly: 8, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const

export function describeFailure(error: unknown): string {
  const failure = error as Failure
  return (
    describeNetwork(failure) ?? describeJournal(failure) ?? describeOwn(failure) ?? failure.stack ?? failure.message
  )
}

function describeNetwork({ code, port, message }: Failure): string | undefined {
  if (code === 'EADDRINUSE')
    return `port ${port} is in use; choose another with --port or --tls-port (0 picks a free one)`
  if (code === 'EACCES' && port !== undefined) {
    return `port ${port} may not be opened; choose one above 1023 with --port or --tls-port`
  }
  return code === 'EADDRNOTAVAIL' ? `${message}; choose an address of this machine with --host` : undefined
}

function describeJournal({ code, errcode, syscall, message }: Failure): string | undefined {
  if (syscall === 'mkdir' || errcode === SQLITE.readOnly || errcode === SQLITE.cannotOpen) {
    return `the data folder cannot be used: ${message}; choose another with --data`
  }
  if (errcode === SQLITE.busy)
    return 'the data folder is in use by another Papertape; stop it or choose another with --data'
  if (errcode === SQLITE.full) return 'the disk is full: nothing that was published is lost; make room and start again'
  if (errcode === SQLITE.corrupt || errcode === SQLITE.notADatabase || code === 'journal-damaged') {
    return `the journal cannot be used: ${message}; put a copy back, or start this market anew with --fresh`
  }
  return undefined
}

/** What we threw for people to read. */
function describeOwn({ code, message }: Failure): string | undefined {
  return code === 'bad-config' || code === 'bad-market' ? message : undefined
}
