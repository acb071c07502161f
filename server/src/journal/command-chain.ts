// The hash chain over a journal's commands: each row of commands has the hash of itself and all rows before it.

import { hash } from 'node:crypto'

/** The last command of a journal, and the hash of the chain up to it. */
export interface JournalEnd {
  readonly number: number
  readonly chain: string
}

/** Of a journal without commands. */
export const EMPTY_JOURNAL_END: JournalEnd = { number: 0, chain: '' }

export function nextInChain(chain: string, body: string): string {
  return hash('sha256', `${chain}\n${body}`)
}
