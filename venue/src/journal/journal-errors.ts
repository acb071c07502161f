// Errors of a journal that cannot be read as it was written. Each has a code, from which the operator's message is
// made. Never thrown for a bug.

/** The stored data is not what was written. The message says where. */
export class JournalDamaged extends Error {
  readonly code = 'journal-damaged'
}

/** One event of the log or of a private stream is damaged; the rest of the journal may be intact. */
export class EventDamaged extends JournalDamaged {
  readonly seq: number

  constructor(seq: number, message: string) {
    super(message)
    this.seq = seq
  }
}

/** Intact, but written by a release with other tables or another state version. */
export class JournalOutdated extends Error {
  readonly code = 'journal-outdated'
}
