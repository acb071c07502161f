// Cancel on disconnect of one session: what it does when the session is lost, returns, or stays away for longer than
// its grace. Pure; the exchange keeps the state in the session's account, so that it survives the server.

export interface SessionGuard {
  readonly cancels: 'connection' | 'account'
  /** How long the session may be lost before it cancels. */
  readonly graceMs: number
  /** Of a lost session: when it cancels, wall clock in microseconds since 1970. */
  readonly dueUs?: number
}

export type GuardEvent =
  /** The session has logged on or out, or has returned. */
  | { readonly type: 'set'; readonly cancels: 'none' | SessionGuard['cancels']; readonly graceMs: number }
  /** Its connection is gone, or the server was restarted. */
  | { readonly type: 'lost'; readonly nowUs: number }
  | { readonly type: 'time'; readonly nowUs: number }

export interface GuardStep {
  readonly guard: SessionGuard | undefined
  /** The orders that the guard stood for are canceled now. */
  readonly cancels: boolean
}

const NONE: GuardStep = { guard: undefined, cancels: false }
const FIRED: GuardStep = { guard: undefined, cancels: true }

/** @param guard undefined: the session guards nothing. */
export function nextGuard(guard: SessionGuard | undefined, event: GuardEvent): GuardStep {
  if (event.type === 'set') {
    const { cancels, graceMs } = event
    return cancels === 'none' ? NONE : { guard: { cancels, graceMs }, cancels: false }
  }
  if (guard === undefined) return NONE
  const { dueUs, graceMs } = guard
  if (event.type === 'lost') {
    // Lost before: a restart does not give it more time.
    if (dueUs !== undefined) return { guard, cancels: false }
    return graceMs === 0 ? FIRED : { guard: { ...guard, dueUs: event.nowUs + graceMs * 1_000 }, cancels: false }
  }
  return dueUs !== undefined && dueUs <= event.nowUs ? FIRED : { guard, cancels: false }
}
