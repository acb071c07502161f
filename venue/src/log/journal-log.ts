// The log of a venue that is alone: its journal. An entry is committed when append() returns.

import type { Journal } from '../journal/journal.ts'
import type { MarketLog, MarketLogEntry } from './market-log.ts'

interface ConfirmedJournal {
  readonly journal: Journal
  /** @throws when the journal's files are gone. */
  confirm(): void
}

export class JournalLog implements MarketLog {
  readonly #opened: ConfirmedJournal

  constructor(opened: ConfirmedJournal) {
    this.#opened = opened
  }

  append({ batch: _, ...flush }: MarketLogEntry, committed: () => void): void {
    this.#opened.journal.append(flush)
    this.#opened.confirm()
    committed()
  }
}
