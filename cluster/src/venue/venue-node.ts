// A venue of several: a standby until it takes the lead, and then the leader until it ends. Opens its journal in the
// epoch of the log. Once it is fenced, whoever runs it starts it anew.

import type { RoomStore } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import { Follower, type OpenableMarket, type OpenedJournal, type VenueOptions } from '@papertape/venue'
import { decodeLead } from '../log/lead-record.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'
import { Leader } from './leader.ts'
import { LogPosition } from './log-position.ts'
import { RoomLog } from './room-log.ts'
import { type Lead, Standby } from './standby.ts'

export interface VenueNodeOptions {
  readonly connection: ClusterConnection
  readonly market: OpenableMarket
  /** @param epoch of the log; undefined for a log that is empty, which gets that of the journal. */
  readonly openJournal: (epoch: string | undefined) => OpenedJournal
  /** Called once the journal is open: beside it. */
  readonly openRooms: () => OpenedRooms
  readonly venue: VenueOptions
  readonly clock: Clock
  /** Unlike that of any other venue, and of this one before a restart. */
  readonly venueId: string
  /** How long a leader may be silent before this venue claims the lead. */
  readonly silenceMaxMs: number
  /** How long a leader that is to end waits for a standby that is ready. */
  readonly successorMaxMs: number
  readonly onState: (state: VenueNodeState) => void
  readonly onNotice: (text: string) => void
  /** Another venue leads, or a failure: the node has ended. */
  readonly onEnd: (error: Error) => void
}

export interface OpenedRooms {
  readonly store: RoomStore
  /** Stores what waits. */
  close(): void
}

export type VenueNodeState =
  /** Ready to take the lead once it has everything that the log had when it began. */
  | { readonly role: 'standby'; readonly isReady: boolean }
  /** Not open for gateways before it has caught up with its clock. */
  | { readonly role: 'leader'; readonly term: number; readonly isReady: boolean }

export class VenueNode {
  readonly #options: VenueNodeOptions
  readonly #opened: OpenedJournal
  readonly #position: LogPosition
  readonly #follower: Follower
  readonly #openedRooms: OpenedRooms
  readonly #rooms: RoomLog
  #standby: Standby | undefined
  #leader: Leader | undefined

  private constructor(options: VenueNodeOptions, opened: OpenedJournal) {
    this.#options = options
    this.#opened = opened
    const { connection, venue, clock, venueId, silenceMaxMs, onState, onEnd } = options
    const { journal, recovered, epoch } = opened
    this.#position = new LogPosition(journal)
    this.#openedRooms = options.openRooms()
    this.#rooms = new RoomLog(this.#openedRooms.store, error => onEnd(error as Error))
    this.#follower = new Follower({
      recovered,
      journal,
      wallMicros: () => Math.floor(clock.wallMs() * 1_000),
      eventsKept: venue.eventsKept,
      ...(venue.privateKeptMs !== undefined && { privateKeptMs: venue.privateKeptMs }),
    })
    this.#standby = new Standby({
      connection,
      follower: this.#follower,
      rooms: this.#rooms,
      position: this.#position,
      epoch,
      venueId,
      silenceMaxMs,
      onCaughtUp: () => onState({ role: 'standby', isReady: true }),
      onLead: lead => this.#lead(lead),
      onFailure: onEnd,
    })
    onState({ role: 'standby', isReady: false })
  }

  /** Waits for the stream of the log. @throws errors of the journal. */
  static async start(options: VenueNodeOptions): Promise<VenueNode> {
    const lead = await options.connection.lastLead()
    return new VenueNode(options, options.openJournal(lead && decodeLead(lead.data).epoch))
  }

  /** True for a journal without a command: another one can take its place. */
  get isNew(): boolean {
    return this.#follower.commandNumber === 0
  }

  /** The leader commits what is pending and hands the lead over. */
  async close(): Promise<void> {
    if (this.#leader !== undefined) {
      await this.#leader.resign()
      this.#openedRooms.close()
      return
    }
    const { sequence } = this.#standby!
    this.#standby!.stop()
    this.#follower.store()
    this.#position.write(this.#rooms.storedUpTo(sequence))
    this.#openedRooms.close()
    this.#opened.close()
  }

  #lead(lead: Lead): void {
    const { connection, market, venue, clock, successorMaxMs, onState, onNotice, onEnd } = this.#options
    this.#standby = undefined
    onState({ role: 'leader', term: lead.term, isReady: false })
    this.#leader = new Leader({
      connection,
      lead,
      market,
      opened: this.#opened,
      recovered: this.#follower.recovered,
      rooms: this.#rooms,
      position: this.#position,
      venue,
      clock,
      successorMaxMs,
      onReady: () => onState({ role: 'leader', term: lead.term, isReady: true }),
      onNotice,
      onFenced: onEnd,
    })
  }
}
