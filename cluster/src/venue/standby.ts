// A venue that does not lead: applies each entry of the log to its own exchange and journal, and takes the lead when
// the leader has been silent for too long or has resigned. It claims the lead by a record in the log, stored only where
// it has read everything before it: two that try at once cannot both succeed. Serves nobody.

import type { Follower } from '@papertape/venue'
import { decodePublished, decodeVenuePart } from '../log/entry-codec.ts'
import type { LogPlace } from '../log/fenced-writer.ts'
import { decodeCommit } from '../log/jetstream-log.ts'
import { decodeLead, encodeLead } from '../log/lead-record.ts'
import { type LogMessage, LogReader } from '../log/log-reader.ts'
import { decodeRoomRecord } from '../log/room-record.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'
import type { LogPosition } from './log-position.ts'
import type { RoomLog } from './room-log.ts'

/** The log is of another market, or of another beginning of it. */
class EpochDiffers extends Error {
  readonly code = 'epoch-differs'
}

/** What a venue leads from. */
export interface Lead {
  readonly term: number
  /** The lead record. */
  readonly place: LogPlace
}

export interface StandbyOptions {
  readonly connection: ClusterConnection
  readonly follower: Follower
  readonly rooms: RoomLog
  readonly position: LogPosition
  readonly epoch: string
  readonly venueId: string
  /** How long the leader may be silent. */
  readonly silenceMaxMs: number
  /** It has everything that the log had when it began. */
  readonly onCaughtUp: () => void
  /** Nothing is read or claimed any more. */
  readonly onLead: (lead: Lead) => void
  readonly onFailure: (error: Error) => void
}

const LOOK_EACH_MS = 50
/** What is applied is stored so often: a standby that is killed reads the rest again. */
const STORE_EACH_MS = 100
const STORED_COMMANDS = 4_000
const CLAIM_MAX_MS = 1_000
const CLAIM_AGAIN_MS = 100

export class Standby {
  readonly #options: StandbyOptions
  readonly #reader: LogReader
  readonly #timer: NodeJS.Timeout
  readonly #storeTimer: NodeJS.Timeout
  readonly #unsubscribe: (() => void)[] = []
  #term = 0
  #aliveMs = performance.now()
  #isCaughtUp = false
  #isClaiming = false
  #endAtStart = -1
  #isOver = false

  constructor(options: StandbyOptions) {
    this.#options = options
    const { connection, position, onFailure } = options
    this.#reader = new LogReader(connection, {
      from: position.next,
      onMessage: message => this.#read(message),
      onFailure: error => {
        this.stop()
        onFailure(error)
      },
    })
    this.#timer = setInterval(() => this.#look(), LOOK_EACH_MS)
    this.#storeTimer = setInterval(() => this.#store(), STORE_EACH_MS)
    this.#listen()
    void this.#findEnd()
  }

  /** The last message that it has read. */
  get sequence(): number {
    return this.#reader.next - 1
  }

  get term(): number {
    return this.#term
  }

  stop(): void {
    this.#isOver = true
    clearInterval(this.#timer)
    clearInterval(this.#storeTimer)
    this.#reader.stop()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  async #findEnd(): Promise<void> {
    while (!this.#isOver) {
      const end = await this.#options.connection.lastSequence().catch(() => undefined)
      if (end === undefined) await new Promise(resolve => setTimeout(resolve, LOOK_EACH_MS))
      else if (end <= this.sequence) return this.#becomeReady()
      else {
        this.#endAtStart = end
        return
      }
    }
  }

  #becomeReady(): void {
    this.#isCaughtUp = true
    this.#options.onCaughtUp()
  }

  #listen(): void {
    const { connection } = this.#options
    const { subjects } = connection
    this.#unsubscribe.push(
      connection.listen(subjects.commit, decodeCommit, ({ term }) => {
        if (term >= this.#term) this.#sawLeader()
      }),
      connection.listen(subjects.successor, String, (_, request) => {
        if (this.#isCaughtUp) request.respond()
      }),
      connection.listen(subjects.resign, decodeCommit, ({ term }) => {
        if (term === this.#term) this.#aliveMs = Number.NEGATIVE_INFINITY
      }),
    )
    // The silence was that of the connection.
    connection.watch(() => this.#sawLeader())
  }

  #sawLeader(): void {
    this.#aliveMs = performance.now()
  }

  #read({ sequence, kind, data }: LogMessage): void {
    if (this.#isOver) return
    if (kind === 'lead') this.#readLead(sequence, data)
    else if (kind === 'room') void this.#options.rooms.apply(decodeRoomRecord(data), sequence)
    else this.#apply(data)
    if (sequence === this.#endAtStart) this.#becomeReady()
  }

  #readLead(sequence: number, data: Uint8Array): void {
    const { epoch, venueId } = this.#options
    const lead = decodeLead(data)
    this.#term = lead.term
    if (lead.epoch !== epoch) {
      throw new EpochDiffers(`the log is of epoch ${lead.epoch}, the journal of this venue of epoch ${epoch}`)
    }
    // Its own claim, of which the acknowledgement was lost.
    if (lead.venueId === venueId && this.#isClaiming) this.#lead(lead.term, sequence)
  }

  #apply(data: Uint8Array): void {
    const { follower } = this.#options
    const { term, events, privateEvents } = decodePublished(data)
    if (term !== this.#term && this.#term !== 0) {
      throw new Error(`an entry of term ${term} is in the log of term ${this.#term}`)
    }
    this.#term = term
    follower.apply({ events, privateEvents, ...decodeVenuePart(data) })
    if (follower.pendingCount >= STORED_COMMANDS) this.#store()
  }

  #store(): void {
    const { follower, position, rooms } = this.#options
    follower.store()
    position.reached(rooms.storedUpTo(this.sequence))
  }

  #look(): void {
    const { connection, silenceMaxMs } = this.#options
    if (this.#isClaiming || connection.nats.isClosed()) return
    if (performance.now() - this.#aliveMs > silenceMaxMs) void this.#claim()
  }

  async #claim(): Promise<void> {
    const { connection, venueId, epoch } = this.#options
    const { jetstream, subjects } = connection
    const term = this.#term + 1
    this.#isClaiming = true
    try {
      const { seq } = await jetstream.publish(subjects.lead, encodeLead({ term, venueId, epoch }), {
        msgID: leadId(term, venueId),
        expect: { lastSequence: this.sequence },
        timeout: CLAIM_MAX_MS,
        retries: 1,
      })
      this.#lead(term, seq)
    } catch {
      // There is more to read, or no server: tried again soon, unless somebody leads by then.
      this.#aliveMs = performance.now() - this.#options.silenceMaxMs + CLAIM_AGAIN_MS
    }
    this.#isClaiming = false
  }

  #lead(term: number, sequence: number): void {
    if (this.#isOver) return
    const { venueId, onLead } = this.#options
    this.stop()
    this.#options.follower.store()
    onLead({ term, place: { sequence, id: leadId(term, venueId) } })
  }
}

function leadId(term: number, venueId: string): string {
  return `lead-${term}-${venueId}`
}
