// What became of users' orders in a run: their private events, refused cancels and replaces, and at the end their
// accounts. Each is a message of the order channel with its account and market time. Writes no files.

import type { PrivateEnvelope } from '@papertape/engine'
import type { AccountSnapshot, CancelReject, Command, CommandAnswer, PrivateEvent } from '@papertape/protocol'

/** `ts` is market time in whole microseconds since 1970, `time` the same in milliseconds. */
export type RunResult = { readonly time: number; readonly ts: number; readonly accountId: string } & (
  | PrivateEvent
  | (CancelReject & { readonly origClientOrderId?: string; readonly clientOrderId?: string })
  | (AccountSnapshot & { readonly type: 'account.snapshot' })
)

export function eventResult({ accountId, event }: PrivateEnvelope): RunResult {
  return { time: Math.floor(event.ts / 1000), accountId, ...event }
}

/**
 * Of an answer that is no private event: a refused cancel or replace with the ids of the order that it names, and the
 * first answer again, at the time of the second, for a clientOrderId that was used before. Undefined for the others.
 */
export function answerResult(command: Command, answer: CommandAnswer, time: number): RunResult | undefined {
  if (!('accountId' in command)) return undefined
  const { accountId } = command
  const stamp = { time, accountId, ts: time * 1000 }
  if (answer.type === 'execution') return answer.duplicate === true ? { ...answer, ...stamp } : undefined
  if (answer.type !== 'cancel.reject') return undefined
  const { origClientOrderId, clientOrderId } = command as { origClientOrderId?: string; clientOrderId?: string }
  const ids = { ...(origClientOrderId && { origClientOrderId }), ...(clientOrderId && { clientOrderId }) }
  return { ...stamp, ...answer, ...ids }
}

export function accountResult(snapshot: AccountSnapshot, time: number): RunResult {
  const { accountId, ...state } = snapshot
  return { time, accountId, type: 'account.snapshot', ts: time * 1000, ...state }
}
