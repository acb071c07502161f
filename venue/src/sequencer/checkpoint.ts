// Makes checkpoints of an exchange. The sequencer decides when; recovery restores from them.

import { type Exchange, STATE_VERSION } from '@papertape/engine'
import type { Checkpoint, CheckpointHead } from '../journal/journal.ts'
import type { CheckpointMark } from '../messages.ts'

/**
 * The checkpoint must be stored: the next one has only what changes after it.
 * @param number of the exchange's last command.
 */
export function checkpointOf(exchange: Exchange, number: number): Checkpoint {
  const hash = exchange.stateHash()
  const { market, rows } = exchange.checkpointChanges()
  return { number, seq: exchange.seq, hash, version: STATE_VERSION, market, changes: rows }
}

export function markOf({ number, seq, hash }: CheckpointHead): CheckpointMark {
  return { command: number, seq, hash }
}
