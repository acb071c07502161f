// For tests of what a journal forgets: appends empty flushes until all of it is deleted.

import assert from 'node:assert/strict'
import type { SqliteJournal } from '../journal/sqlite-journal.ts'

const FLUSHES_MAX = 10_000

/** @returns how many flushes it took. */
export function forgetAll(journal: SqliteJournal, eventsKept: number): number {
  const source = journal.source() ?? null
  journal.forget(eventsKept)
  let flushes = 0
  while (journal.isForgetting) {
    assert.ok(++flushes <= FLUSHES_MAX, 'the journal finishes forgetting')
    journal.append({ commands: [], events: [], privateEvents: [], source })
  }
  return flushes
}
