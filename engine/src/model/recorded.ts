// One account or open order as a checkpoint stores it, and what the account or order itself keeps about that.
// state-changes.ts writes both.

import type { TextHash } from '../primitives/text-hash.ts'

/** A row of a checkpoint. */
export interface StateRow {
  readonly part: 'account' | 'order'
  /** The account's index, or the orderId. */
  readonly id: number
  /** JSON; null: the order is no longer open. */
  readonly body: string | null
}

export interface Recorded {
  /** Of the text that is part of the state hash now. */
  hash: TextHash
  /** A checkpoint has a row of it. */
  isStored: boolean
}
