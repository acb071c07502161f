// The connection of a venue or a gateway to NATS, and the stream with the market's log. One stream has one market: its
// entries and, between them, who leads. Knows subjects and settings; what a message says is in log/.

import {
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream'
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { type NatsSettings, natsRefusal, openNats } from './open-nats.ts'

export interface LogSettings {
  /** On how many NATS servers the log is kept: 1, 3 or 5. */
  readonly replicas: number
  /** The oldest messages are dropped beyond it; a venue that stood still for longer cannot catch up. */
  readonly bytesMax: number
}

const REQUEST_MAX_MS = 1_500
/** Within it a message that is sent again is recognised by its id, nanoseconds. */
const DUPLICATE_WINDOW_NS = 120e9

/** The subjects of one market. Log, lead and room are stored; the others are passed on and forgotten. */
export interface Subjects {
  readonly log: string
  readonly lead: string
  /** Commands for the leader of a term. */
  command(term: number): string
  readonly query: string
  /** What the leader has committed, and that it lives. */
  readonly commit: string
  /** The leader that is about to end asks whether a standby is ready to follow it. */
  readonly successor: string
  /** The leader ends in good order. */
  readonly resign: string
  /** That a gateway lives. */
  readonly presence: string
  /** What has passed at one gateway, to the others. */
  readonly limits: string
  /** What the log has of rooms. */
  readonly room: string
  /** Requests of connections about rooms, to the leader. */
  readonly rooms: string
  /** From the leader to a gateway. */
  roomsOf(gateway: string): string
  readonly roomQuery: string
  /** To the leader. */
  readonly session: string
  /** To a gateway. */
  sessionsOf(gateway: string): string
  /** From the leader to one gateway: commands that were refused or did not arrive. */
  gateway(gateway: string): string
}

export class ClusterConnection {
  readonly nats: NatsConnection
  readonly subjects: Subjects
  readonly stream: string
  readonly jetstream: JetStreamClient
  readonly manager: JetStreamManager

  readonly #settings: NatsSettings

  private constructor(nats: NatsConnection, manager: JetStreamManager, market: string, settings: NatsSettings) {
    const name = market.replaceAll(/[^0-9A-Za-z_-]/g, '_')
    this.#settings = settings
    this.nats = nats
    this.manager = manager
    this.jetstream = jetstream(nats, apiOf(settings))
    this.stream = `PAPERTAPE_${name}`
    this.subjects = subjectsOf(name)
  }

  /**
   * Connects, for as long as it takes.
   * @param market the name of its journal's folder: venues of different markets never share a log.
   * @param process for the server's list of connections, such as `gateway`.
   * @throws {NatsRefused} when waiting would not help.
   */
  static async open(settings: NatsSettings, market: string, process: string): Promise<ClusterConnection> {
    const nats = await openNats(settings, `papertape ${process}`)
    const manager = await jetstreamManager(nats, { checkAPI: false, ...apiOf(settings) })
    return new ClusterConnection(nats, manager, market, settings)
  }

  /** Makes the stream of the log where there is none. A venue calls it; a gateway may not. */
  async requireStream({ replicas, bytesMax }: LogSettings): Promise<void> {
    const { log, lead, room } = this.subjects
    await this.manager.streams.add({
      name: this.stream,
      subjects: [log, lead, room],
      num_replicas: replicas,
      max_bytes: bytesMax,
      duplicate_window: DUPLICATE_WINDOW_NS,
      allow_direct: true,
      // No one has a reason to: only the oldest messages go.
      deny_delete: true,
      deny_purge: true,
    })
  }

  /** The last message of the log. @throws errors of the client while the stream has no leader or does not exist. */
  async lastSequence(): Promise<number> {
    const { state } = await this.manager.streams.info(this.stream)
    return state.last_seq
  }

  /** The newest lead record's sequence and data; undefined in an empty log. */
  async lastLead(): Promise<{ readonly sequence: number; readonly data: Uint8Array } | undefined> {
    // nats-server 2.9.10 crashes when it is asked for a message of a stream that is still being made.
    if ((await this.lastSequence()) === 0) return undefined
    const message = await this.manager.streams.getMessage(this.stream, { last_by_subj: this.subjects.lead })
    return message === null ? undefined : { sequence: message.seq, data: message.data }
  }

  /** A consumer that begins at a sequence. */
  consumerFrom(sequence: number) {
    return this.jetstream.consumers.get(this.stream, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: Math.max(1, sequence),
      inactive_threshold: 5_000,
    })
  }

  /**
   * Core messages of a subject. One that cannot be read is dropped: whoever sent it does not end this process.
   * @returns what ends it.
   */
  listen<Message>(
    subject: string,
    decode: (data: Uint8Array) => Message,
    onMessage: (message: Message, request: Msg) => void,
  ): () => void {
    const subscription = this.nats.subscribe(subject, {
      callback(error, request) {
        if (error !== null) return
        let message: Message
        try {
          message = decode(request.data)
        } catch {
          return
        }
        onMessage(message, request)
      },
    })
    return () => subscription.unsubscribe()
  }

  /** @param onRefused called when NATS takes this process no longer: the connection has ended. */
  whenRefused(onRefused: (error: Error) => void): void {
    void this.nats.closed().then(error => {
      if (error) onRefused(natsRefusal(error, this.#settings.servers) ?? error)
    })
  }

  /** @param onReconnect messages may have been lost since the connection was. */
  watch(onReconnect: () => void): void {
    const { nats } = this
    void (async () => {
      for await (const { type } of nats.status()) if (type === 'reconnect') onReconnect()
    })()
  }

  async close(): Promise<void> {
    await this.nats.close()
  }
}

function apiOf({ apiPrefix }: NatsSettings) {
  return { timeout: REQUEST_MAX_MS, ...(apiPrefix !== undefined && { apiPrefix }) }
}

function subjectsOf(name: string): Subjects {
  const root = `papertape.${name}`
  return {
    log: `${root}.log`,
    lead: `${root}.lead`,
    command: term => `${root}.command.${term}`,
    query: `${root}.query`,
    commit: `${root}.commit`,
    successor: `${root}.successor`,
    resign: `${root}.resign`,
    presence: `${root}.presence`,
    limits: `${root}.limits`,
    room: `${root}.room`,
    rooms: `${root}.rooms`,
    roomsOf: gateway => `${root}.rooms.${gateway}`,
    roomQuery: `${root}.room-query`,
    session: `${root}.session`,
    sessionsOf: gateway => `${root}.sessions.${gateway}`,
    gateway: gateway => `${root}.gateway.${gateway}`,
  }
}
