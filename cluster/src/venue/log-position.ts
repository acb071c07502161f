// Which message of the log a venue's journal has: where it goes on reading after a restart. Written now and then, and
// never ahead of the journal: what the journal has already is passed over.

import type { Journal } from '@papertape/venue'

const META_KEY = 'logSequence'
const MESSAGES_PER_WRITE = 100

export class LogPosition {
  readonly #journal: Journal
  #written: number

  constructor(journal: Journal) {
    this.#journal = journal
    this.#written = Number(journal.meta(META_KEY) ?? 0)
  }

  /** The first message to read. */
  get next(): number {
    return this.#written + 1
  }

  /** The journal has everything up to this message. */
  reached(sequence: number): void {
    if (sequence - this.#written >= MESSAGES_PER_WRITE) this.write(sequence)
  }

  write(sequence: number): void {
    this.#written = sequence
    this.#journal.setMeta(META_KEY, String(sequence))
  }
}
