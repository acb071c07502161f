// The hash chain over a journal's flushes: each has the hash of itself and of all before it.

import { createHash } from 'node:crypto'

/** The last command of a journal, and the hash of the chain up to it. */
export interface JournalEnd {
  readonly number: number
  readonly chain: string
}

/** Of a journal without commands. */
export const EMPTY_JOURNAL_END: JournalEnd = { number: 0, chain: '' }

/** @param head the fields of the flush beside its body @returns 32 bytes */
export function nextInChain(chain: string, head: Uint8Array, body: Uint8Array): Buffer {
  return createHash('sha256').update(chain).update(head).update(body).digest()
}
