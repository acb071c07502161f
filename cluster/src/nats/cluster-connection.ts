// The connection of a venue or a gateway to NATS, and the stream with the market's log. One stream has one market: its
// entries and, between them, who leads. Knows subjects and settings; what a message says is in log/.

import {
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream'
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node'

export interface NatsSettings {
  /** `host:port` or `nats://` or `tls://` URLs. */
  readonly servers: readonly string[]
  /** The contents of a credentials file. */
  readonly credentials?: string | undefined
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string } | undefined
}

export interface LogSettings {
  /** On how many NATS servers the log is kept: 1, 3 or 5. */
  readonly replicas: number
  /** The oldest messages are dropped beyond it; a venue that stood still for longer cannot catch up. */
  readonly bytesMax: number
}

const RECONNECT = { maxReconnectAttempts: -1, reconnectTimeWait: 100, reconnectJitter: 50 }
/** A peer that has gone without a word is noticed after two pings. */
const PINGS = { pingInterval: 2_000, maxPingOut: 2 }
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

  private constructor(nats: NatsConnection, manager: JetStreamManager, market: string) {
    const name = market.replaceAll(/[^0-9A-Za-z_-]/g, '_')
    this.nats = nats
    this.manager = manager
    this.jetstream = jetstream(nats, { timeout: REQUEST_MAX_MS })
    this.stream = `PAPERTAPE_${name}`
    this.subjects = subjectsOf(name)
  }

  /**
   * Connects, for as long as it takes.
   * @param market the name of its journal's folder: venues of different markets never share a log.
   * @param process for the server's list of connections, such as `gateway`.
   */
  static async open(settings: NatsSettings, market: string, process: string): Promise<ClusterConnection> {
    const { servers, credentials, tls } = settings
    const nats = await connect({
      servers: [...servers],
      name: `papertape ${process}`,
      waitOnFirstConnect: true,
      ...RECONNECT,
      ...PINGS,
      ...(credentials !== undefined && { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
      ...(tls !== undefined && { tls }),
    })
    return new ClusterConnection(
      nats,
      await jetstreamManager(nats, { checkAPI: false, timeout: REQUEST_MAX_MS }),
      market,
    )
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
    })
  }

  /** The last message of the log. @throws errors of the client while the stream has no leader or does not exist. */
  async lastSequence(): Promise<number> {
    const { state } = await this.manager.streams.info(this.stream)
    return state.last_seq
  }

  /** The newest lead record's sequence and data; undefined in an empty log. */
  async lastLead(): Promise<{ readonly sequence: number; readonly data: Uint8Array } | undefined> {
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

function subjectsOf(name: string): Subjects {
  const root = `papertape.${name}`
  return {
    log: `${root}.log`,
    lead: `${root}.lead`,
    command: term => `${root}.command.${term}`,
    query: `${root}.query`,
    commit: `${root}.commit`,
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
