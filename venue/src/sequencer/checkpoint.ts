// Makes checkpoints of an exchange. What is stored and when is the sequencer's decision; reading one back is recovery's.

import { type Exchange, STATE_VERSION } from '@papertape/engine'
import type { Checkpoint, CheckpointHead } from '../journal/journal.ts'
import type { CheckpointMark } from '../messages.ts'

/** The exchange as it is now; the changes that it returns must be stored. @param number of its last command. */
export function checkpointOf(exchange: Exchange, number: number): Checkpoint {
  const hash = exchange.stateHash()
  const { market, rows } = exchange.checkpointChanges()
  return { number, seq: exchange.seq, hash, version: STATE_VERSION, market, changes: rows }
}

export function markOf({ number, seq, hash }: CheckpointHead): CheckpointMark {
  return { command: number, seq, hash }
}
