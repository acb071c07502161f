// Why the server closes a WebSocket: the only place that decides a close code and its reason. What a client does after
// each code is in protocol (CLOSE_CODES); ws itself closes with 1002, 1007, 1008 and 1009.

import type { CloseCode, ErrorCode, LabCloseCode } from '@papertape/protocol'

/** A connection that neither logs on nor subscribes in this time is closed. */
export const LOGON_WAIT_MS = 5_000

interface Close {
  readonly code: CloseCode
  readonly reason: string
}

const CLOSES = {
  logout: { code: 1000, reason: 'logout' },
  shutdown: { code: 1001, reason: 'the server is shutting down' },
  binaryFrame: { code: 1003, reason: 'text frames only' },
  internalError: { code: 1011, reason: 'internal error' },
  logUnreadable: { code: 1011, reason: 'the log could not be read' },
  malformedMessages: { code: 4400, reason: 'too many malformed messages' },
  logonOverdue: { code: 4401, reason: `log on or subscribe within ${LOGON_WAIT_MS / 1_000} s` },
  notLoggedOn: { code: 4401, reason: 'not-logged-on' },
  badToken: { code: 4401, reason: 'bad-token' },
  tokenEnded: { code: 4401, reason: 'the token was revoked or has expired' },
  lagging: { code: 4408, reason: 'the connection does not keep up' },
  takenOver: { code: 4409, reason: 'the session was taken over by another connection' },
  tooManySessions: { code: 4429, reason: 'too-many-sessions' },
  tooManyMessages: { code: 4429, reason: 'too many messages, for too long' },
} as const satisfies Record<string, Close>
export type CloseCause = keyof typeof CLOSES

/** Starts the closing handshake. */
export function closeSocket(socket: { close(code: number, reason: string): void }, cause: CloseCause): void {
  const { code, reason } = CLOSES[cause]
  socket.close(code, reason)
}

/** At the request of the connection's own client, which wants to see what follows from the code. */
export function closeAtRequest(socket: { close(code: number, reason: string): void }, code: LabCloseCode): void {
  socket.close(code, 'at your request')
}

/** Why a connection is closed whose logon was refused with this code; undefined when it may try again. */
export function causeOfLogonReject(code: ErrorCode): CloseCause | undefined {
  if (code === 'not-logged-on') return 'notLoggedOn'
  if (code === 'bad-token') return 'badToken'
  return code === 'too-many-sessions' ? 'tooManySessions' : undefined
}
