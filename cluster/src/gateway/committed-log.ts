// The log as a gateway reads it: entries in order, each once it is committed. An entry is committed when the leader
// says so, by a message of its own or in a later entry, and when another venue takes the lead after it: that one has it
// in its journal. Decodes entries; knows nothing of commands and queries.

import { decodePublished, type PublishedPart } from '../log/entry-codec.ts'
import { decodeCommit } from '../log/jetstream-log.ts'
import { decodeLead, type LeadRecord } from '../log/lead-record.ts'
import { type LogMessage, LogReader } from '../log/log-reader.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'

export interface CommittedLogOptions {
  readonly connection: ClusterConnection
  /** The first message that is read. */
  readonly from: number
  readonly onEntry: (entry: PublishedPart, sequence: number) => void
  readonly onLead: (lead: LeadRecord, sequence: number) => void
  readonly onFailure: (error: Error) => void
  /** Settles when there is room for more entries. */
  readonly room: () => Promise<void> | undefined
}

export class CommittedLog {
  readonly #options: CommittedLogOptions
  readonly #reader: LogReader
  readonly #unsubscribe: () => void
  /** Without an entry: a record of rooms. */
  #held: { readonly sequence: number; readonly entry?: PublishedPart }[] = []
  #committed = 0
  /** The last message that was passed on. */
  #delivered: number
  #waiting: { readonly sequence: number; readonly go: () => void }[] = []

  constructor(options: CommittedLogOptions) {
    this.#options = options
    const { connection, from, onFailure } = options
    this.#delivered = from - 1
    this.#reader = new LogReader(connection, { from, onMessage: message => this.#read(message), onFailure })
    this.#unsubscribe = connection.listen(connection.subjects.commit, decodeCommit, ({ committed }) =>
      this.#commit(committed),
    )
  }

  /** Calls back when everything up to this message has been passed on: at once, or in a later turn. */
  whenDelivered(sequence: number, go: () => void): void {
    if (sequence <= this.#delivered) go()
    else this.#waiting.push({ sequence, go })
  }

  stop(): void {
    this.#reader.stop()
    this.#unsubscribe()
  }

  #read({ sequence, kind, data }: LogMessage): Promise<void> | undefined {
    if (kind === 'lead') {
      this.#commit(sequence)
      this.#options.onLead(decodeLead(data), sequence)
      this.#deliveredTo(sequence)
      return undefined
    }
    if (kind === 'room') {
      this.#held.push({ sequence })
      return undefined
    }
    const entry = decodePublished(data)
    this.#held.push({ sequence, entry })
    this.#commit(entry.committed)
    return this.#options.room()
  }

  #commit(sequence: number): void {
    this.#committed = Math.max(this.#committed, sequence)
    while (this.#held[0] !== undefined && this.#held[0].sequence <= this.#committed) {
      const { sequence: delivered, entry } = this.#held.shift()!
      if (entry !== undefined) this.#options.onEntry(entry, delivered)
      this.#deliveredTo(delivered)
    }
  }

  #deliveredTo(sequence: number): void {
    this.#delivered = sequence
    const waiting = this.#waiting
    if (waiting.length === 0) return
    this.#waiting = waiting.filter(one => one.sequence > sequence)
    for (const one of waiting) if (one.sequence <= sequence) one.go()
  }
}
