// The log of flushes of a journal in memory: lost when the program ends, and without the hash of a chain, since nothing
// can damage it.

import type { JournalEnd } from './command-chain.ts'
import type { FlushLog, LoggedFlush, NewFlush } from './flush-log.ts'

export class MemoryFlushLog implements FlushLog {
  #flushes: LoggedFlush[] = []
  #end: JournalEnd

  constructor(begin: JournalEnd) {
    this.#end = begin
  }

  get end(): JournalEnd {
    return this.#end
  }

  append(flush: NewFlush): void {
    this.#flushes.push({ ...flush, after: this.#end.number, chain: '' })
    this.#end = { number: flush.last, chain: '' }
  }

  *flushesAfter(number: number): Generator<LoggedFlush> {
    for (const flush of this.#flushes) if (flush.last > number || flush.after >= number) yield flush
  }

  rotate(): void {}

  drop(number: number): void {
    this.#flushes = this.#flushes.filter(({ last }) => last > number)
  }

  requireFile(): void {}

  close(): void {}
}
