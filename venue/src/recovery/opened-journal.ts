// A journal with the exchange that was recovered from it, ready to be appended to. The server opens one in a folder;
// the one in memory is for pages and tests.

import type { Journal } from '../journal/journal.ts'
import { MemoryJournal } from '../journal/memory-journal.ts'
import type { OpenableMarket } from '../market/market-plan.ts'
import { type Recovered, recover } from './recovery.ts'

export interface OpenedJournal {
  readonly journal: Journal
  readonly epoch: string
  readonly recovered: Recovered
  /** A log line for the operator, such as the result of a repair. */
  readonly notice?: string | undefined
  /**
   * Called after each append and before its events are published.
   * @throws when the journal's files are gone.
   */
  confirm(): void
  close(): void
}

/**
 * A journal that is lost when the program ends.
 * @param epoch lower-case letters and digits, unlike any before.
 * @param journal to go on from, such as after a venue was closed; a new one when absent.
 */
export function openMemoryJournal(
  { instruments, rules }: OpenableMarket,
  epoch: string,
  journal = new MemoryJournal(),
): OpenedJournal {
  journal.setMeta('epoch', epoch)
  return { journal, epoch, recovered: recover(journal, instruments, rules), confirm() {}, close() {} }
}
