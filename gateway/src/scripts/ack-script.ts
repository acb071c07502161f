// What a testDirective says about the answer to its order. Pure. Played by answer-queue.ts on a socket, by the route
// of new orders over REST.

import type { LabCloseCode, NewOrder } from '@papertape/protocol'

export interface AckScript {
  readonly delayMs: number
  readonly isLost: boolean
  /** How the connection ends then; undefined: it goes on. Without a code it is lost without an end. */
  readonly end: { readonly code?: LabCloseCode | undefined } | undefined
}

/** undefined: the answer is sent at once, as to any order. */
export function ackScriptOf({ testDirective }: NewOrder): AckScript | undefined {
  const { ackDelayMs: delayMs = 0, loseAck: isLost = false, disconnect: end } = testDirective ?? {}
  return delayMs === 0 && !isLost && end === undefined ? undefined : { delayMs, isLost, end }
}
