// The log of a venue that leads, on NATS JetStream. An entry is committed once JetStream has stored it and the venue's
// own journal has it: JetStream acknowledges what it has not synced yet. The journal comes second, and never has what
// the log has not.

import type { Journal, MarketLog, MarketLogEntry } from '@papertape/venue'
import { changesBetween } from '@papertape/venue'
import type { ClusterConnection } from '../nats/cluster-connection.ts'
import { encodeLogEntry, type PublishedPart, type TakenCommand, type VenuePart } from './entry-codec.ts'
import type { FencedWriter } from './fenced-writer.ts'

export interface JetStreamLogOptions {
  readonly connection: ClusterConnection
  readonly writer: FencedWriter
  readonly journal: Journal
  /** @throws when the journal's files are gone. */
  readonly confirm: () => void
  readonly term: number
  /** The gateway's command behind a commandId of the venue; asked once for each answer. */
  readonly take: (commandId: number) => TakenCommand | undefined
}

export class JetStreamLog implements MarketLog {
  readonly #options: JetStreamLogOptions
  /** As the last entry left it; undefined before the first of this term, which has it whole. */
  #source: unknown
  #committed: number
  #roomRecords = 0

  constructor(options: JetStreamLogOptions) {
    this.#options = options
    this.#committed = options.writer.lastSequence
  }

  /** The last message that is committed. */
  get committed(): number {
    return this.#committed
  }

  append(entry: MarketLogEntry, committed: () => void): void {
    const { connection, writer, journal, confirm, term } = this.#options
    const { batch, ...flush } = entry
    // A flush at an orderly end: there is nothing that another venue would apply.
    if (entry.commands.length === 0) {
      writer.whenStored(committed)
      return
    }
    writer.append(
      `t${term}-${batch.number}`,
      encodeLogEntry(this.#published(entry), this.#venuePart(entry)),
      sequence => {
        journal.append(flush)
        confirm()
        this.#committed = sequence
        connection.nats.publish(connection.subjects.commit, encodeCommit({ term, committed: sequence }))
        committed()
      },
    )
  }

  /** A record of rooms, which is no part of the market. */
  appendRoom(data: Uint8Array, stored: (sequence: number) => void): void {
    const { connection, writer, term } = this.#options
    const { nats, subjects } = connection
    writer.append(
      `t${term}-room-${++this.#roomRecords}`,
      data,
      sequence => {
        this.#committed = sequence
        nats.publish(subjects.commit, encodeCommit({ term, committed: sequence }))
        stored(sequence)
      },
      subjects.room,
    )
  }

  #published({ batch }: MarketLogEntry): PublishedPart {
    const { term, take } = this.#options
    const { time, events, privateEvents, answers } = batch
    const taken = new Map(answers.map(({ commandId }) => [commandId, take(commandId)]))
    return {
      term,
      time,
      committed: this.#committed,
      events,
      privateEvents: privateEvents.map(({ commandId, ...event }) =>
        commandId === undefined ? event : { ...event, origin: taken.get(commandId)?.origin },
      ),
      answers: answers.flatMap(({ commandId, answer }) => {
        const command = taken.get(commandId)
        return command === undefined ? [] : [{ ...command, answer }]
      }),
    }
  }

  #venuePart({ commands, source }: MarketLogEntry): VenuePart {
    if (source === undefined) return { commands }
    const sourceChanges = changesBetween(this.#source, source)
    this.#source = source
    return sourceChanges === undefined ? { commands, source } : { commands, sourceChanges }
  }
}

/** That a leader lives, and what it has committed. */
export interface Commit {
  readonly term: number
  readonly committed: number
}

export function encodeCommit(commit: Commit): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(commit))
}

export function decodeCommit(data: Uint8Array): Commit {
  return JSON.parse(new TextDecoder().decode(data)) as Commit
}
