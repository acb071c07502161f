// For tests of what a journal forgets: calls maintain() until all of it is deleted.

import assert from 'node:assert/strict'
import type { SqliteJournal } from '../journal/sqlite-journal.ts'

const CALLS_MAX = 10_000

/** @returns how many calls it took. */
export function forgetAll(journal: SqliteJournal, eventsKept: number): number {
  journal.forget(eventsKept)
  let calls = 0
  while (journal.isForgetting) {
    assert.ok(++calls <= CALLS_MAX, 'the journal finishes forgetting')
    journal.maintain()
  }
  return calls
}
