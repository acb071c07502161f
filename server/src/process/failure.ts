// Describes in one line why the service ended or did not start, and what to do. By code, not by class: errors from the
// venue's thread arrive as plain objects.

import { SQLITE, sqliteCode } from '../journal/journal-failures.ts'

interface Failure {
  readonly code?: string
  readonly message: string
  readonly stack?: string
  readonly port?: number
  readonly syscall?: string
  /** SQLite's extended result code. */
  readonly errcode?: number
}

const FILE_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ENOENT', 'EEXIST', 'EIO', 'ELOOP'])

/** By code of a NatsRefused (package cluster). */
const NATS_ADVICE: Readonly<Record<string, string>> = {
  'nats-credentials': 'it takes those who have credentials: give those of this role with --nats-credentials',
  'nats-untrusted': 'give the certificate of its authority with --nats-ca, and a name that is in its own with --nats',
  'nats-certificate':
    'it takes those whose certificate it trusts: give one of its authority with --nats-cert and --nats-key',
  'nats-plain': 'give it a certificate, or leave --nats-ca, --nats-cert and --nats-key out',
}

export function describeFailure(error: unknown): string {
  const failure = error as Failure
  return (
    describeNetwork(failure) ??
    describeNats(failure) ??
    describeJournal(failure) ??
    describeOwn(failure) ??
    failure.stack ??
    failure.message
  )
}

function describeNetwork({ code, port, message }: Failure): string | undefined {
  if (code === 'EADDRINUSE')
    return `port ${port} is in use; choose another with --port or --tls-port (0 picks a free one)`
  if (code === 'EACCES' && port !== undefined) {
    return `port ${port} may not be opened; choose one above 1023 with --port or --tls-port`
  }
  return ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code!)
    ? `${message}; choose an address of this machine with --host`
    : undefined
}

function describeNats({ code, message }: Failure): string | undefined {
  const advice = NATS_ADVICE[code ?? '']
  return advice === undefined ? undefined : `${message}; ${advice} (docs/scaling.md)`
}

function describeJournal(failure: Failure): string | undefined {
  const { code, message } = failure
  const sqlite = sqliteCode(failure)
  if (isFileFailure(failure) || sqlite === SQLITE.readOnly || sqlite === SQLITE.cannotOpen)
    return `the data folder cannot be used: ${message}; choose another with --data`
  if (code === 'folder-in-use' || sqlite === SQLITE.busy)
    return 'the data folder is in use by another Papertape; stop it or choose another with --data'
  if (code === 'ENOSPC' || sqlite === SQLITE.full)
    return 'the disk is full: nothing that was published is lost; make room and start again'
  if (sqlite === SQLITE.inputOutput)
    return `the disk of the data folder fails: ${message}; nothing that was published is lost if it can be read again`
  if (code === 'journal-gone')
    return `${message}: nothing is confirmed from then on; put the data folder back, or start this market again with --fresh`
  if (code === 'journal-outdated') return `${message}; start this market again with --fresh`
  if (code === 'journal-lost')
    return `the journal cannot be repaired: ${message}; put a copy of its folder back, or start this market again with --fresh`
  if (code === 'journal-damaged' || sqlite === SQLITE.corrupt || sqlite === SQLITE.notADatabase)
    return `the journal is damaged: ${message}; go on from what can be read with --repair (readers start a new epoch), put a copy of its folder back, or start this market again with --fresh`
  return undefined
}

/** An error of the file system, not of the network. */
function isFileFailure({ code, syscall, port }: Failure): boolean {
  return syscall !== undefined && port === undefined && FILE_CODES.has(code ?? '')
}

/** Errors whose message is meant for the user. */
function describeOwn({ code, message }: Failure): string | undefined {
  return code === 'bad-config' || code === 'bad-market' ? message : undefined
}
