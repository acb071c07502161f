// A venue that leads: runs the market on the log that it writes, and serves the gateways' commands and queries. What it
// has not committed nobody has seen: once it is fenced it is thrown away, and its journal has nothing to undo.

import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@papertape/protocol'
import {
  type FromVenue,
  type OpenableMarket,
  type OpenedJournal,
  type Recovered,
  type ToVenue,
  Venue,
  type VenueOptions,
} from '@papertape/venue'
import { type Fenced, FencedWriter } from '../log/fenced-writer.ts'
import { encodeCommit, JetStreamLog } from '../log/jetstream-log.ts'
import type { RoomMessageToLeader, RoomQuery } from '../log/room-messages.ts'
import type { SessionRequest } from '../log/session-messages.ts'
import { decodeMessage, encodeMessage, type SentCommand, type SentQuery } from '../log/wire.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'
import { CommandIntake } from './command-intake.ts'
import { GatewayWatch } from './gateway-watch.ts'
import type { LogPosition } from './log-position.ts'
import { RoomHost } from './room-host.ts'
import type { RoomLog } from './room-log.ts'
import { SessionDirectory, type SharedSession } from './session-directory.ts'
import type { Lead } from './standby.ts'

export interface LeaderOptions {
  readonly connection: ClusterConnection
  readonly lead: Lead
  readonly market: OpenableMarket
  readonly opened: OpenedJournal
  /** As the standby has left it. */
  readonly recovered: Recovered
  readonly rooms: RoomLog
  readonly position: LogPosition
  readonly venue: VenueOptions
  readonly clock: Clock
  /** How long it waits for a standby that is ready, when it is to end. */
  readonly successorMaxMs: number
  readonly onReady: () => void
  readonly onNotice: (text: string) => void
  /** Another venue leads. Nothing of this one may be used any more. */
  readonly onFenced: (error: Fenced) => void
}

const BEAT_EACH_MS = 250
const SUCCESSOR_ANSWER_MS = 250
const SUCCESSOR_RETRY_MS = 50
const HAND_OVER_MAX_MS = 500
/** A gateway that has been silent for so long is taken for lost, and so are its sessions. */
const GATEWAY_SILENCE_MAX_MS = 3_000

/** Of a command that no gateway has sent. */
const UNASKED = 0

type LeaderQuery = Extract<ToVenue, { type: 'query' }>

export class Leader {
  readonly #options: LeaderOptions
  readonly #writer: FencedWriter
  readonly #log: JetStreamLog
  readonly #intake: CommandIntake
  readonly #sessions: SessionDirectory
  readonly #gateways: GatewayWatch
  readonly #rooms: RoomHost
  readonly #venue: Venue
  /** By queryId. */
  readonly #queries = new Map<number, (data: Uint8Array) => void>()
  readonly #beat: NodeJS.Timeout
  #lastQuery = 0
  #isOver = false
  #closed = () => {}

  constructor(options: LeaderOptions) {
    this.#options = options
    const { connection, lead, market, opened, recovered, rooms, position, venue, clock } = options
    const { journal, confirm } = opened
    position.write(rooms.storedUpTo(lead.place.sequence))
    this.#writer = new FencedWriter(connection, lead.place, error => this.#end(() => options.onFenced(error)))
    const sendTo = (subject: string, message: Parameters<typeof encodeMessage>[0]) =>
      connection.nats.publish(subject, encodeMessage(message))
    this.#sessions = new SessionDirectory(lead.term, ({ gateway, number }) =>
      sendTo(connection.subjects.sessionsOf(gateway), { number }),
    )
    this.#gateways = new GatewayWatch({
      clock,
      silenceMaxMs: GATEWAY_SILENCE_MAX_MS,
      onLost: gateway => {
        this.#rooms.lose(gateway)
        this.#lose(this.#sessions.closeAll(gateway))
      },
    })
    this.#intake = new CommandIntake({
      submit: (commandId, command) => this.#venue.receive({ type: 'command', commandId, command }),
      isTakenOver: (command, logon) => 'accountId' in command && this.#sessions.isTakenOver(command.accountId, logon),
      drop: (gateway, number) => sendTo(connection.subjects.gateway(gateway), { type: 'dropped', number }),
      askAgain: (gateway, from) =>
        sendTo(connection.subjects.gateway(gateway), { type: 'resend', from, term: lead.term }),
    })
    this.#log = new JetStreamLog({
      connection,
      writer: this.#writer,
      journal,
      confirm,
      term: lead.term,
      take: commandId => this.#intake.take(commandId),
    })
    rooms.lead((data, stored) => this.#log.appendRoom(data, stored))
    this.#rooms = new RoomHost({
      store: rooms,
      clock,
      symbols: market.instruments.map(({ symbol }) => symbol),
      term: lead.term,
      send: (gateway, message) => sendTo(connection.subjects.roomsOf(gateway), message),
      onError: error => options.onNotice(`rooms: ${(error as Error).message}`),
    })
    this.#venue = new Venue(
      { ...venue, keepsSessions: true },
      {
        market,
        opened: { ...opened, recovered },
        log: this.#log,
        clock,
        send: message => this.#send(message),
        handOver: () => this.#handOver(),
      },
    )
    this.#listen()
    this.#beat = setInterval(() => this.#sendBeat(), BEAT_EACH_MS)
    this.#sendBeat()
    this.#venue.start()
  }

  /** Leads until another venue can, commits what is pending, hands the lead over and closes the journal. */
  async resign(): Promise<void> {
    await this.#untilSuccessor()
    if (this.#isOver) return
    const closed = new Promise<void>(resolve => {
      this.#closed = resolve
    })
    this.#venue.receive({ type: 'close' })
    await closed
  }

  /** One that is only starting, or reads the log, would not see that this one resigns. */
  async #untilSuccessor(): Promise<void> {
    const { connection, successorMaxMs, onNotice } = this.#options
    const { nats, subjects } = connection
    const isReady = () =>
      nats.request(subjects.successor, '', { timeout: SUCCESSOR_ANSWER_MS }).then(
        () => true,
        () => false,
      )
    const endMs = performance.now() + successorMaxMs
    for (let notified = false; !this.#isOver && !(await isReady()); notified = true) {
      if (performance.now() > endMs) return
      if (!notified) onNotice(`no standby is ready: it leads for another ${successorMaxMs / 1_000} s at most`)
      await delay(SUCCESSOR_RETRY_MS)
    }
  }

  async #handOver(): Promise<void> {
    const { connection, lead } = this.#options
    const { nats, subjects } = connection
    this.#end(() => nats.publish(subjects.resign, encodeCommit({ term: lead.term, committed: this.#log.committed })))
    // Without a connection the silence says it.
    await Promise.race([nats.flush().catch(() => {}), delay(HAND_OVER_MAX_MS)])
  }

  #sendBeat(): void {
    const { connection, lead } = this.#options
    const { nats, subjects } = connection
    nats.publish(subjects.commit, encodeCommit({ term: lead.term, committed: this.#log.committed }))
  }

  #end(then: () => void): void {
    if (this.#isOver) return
    this.#isOver = true
    clearInterval(this.#beat)
    this.#gateways.stop()
    this.#writer.stop()
    then()
  }

  #send(message: FromVenue): void {
    if (message.type === 'batch') {
      this.#options.position.reached(this.#options.rooms.storedUpTo(this.#log.committed))
      // In a later turn: the venue is in the midst of it.
      this.#options.clock.setTimer(() => this.#venue.receive({ type: 'processed', number: message.number }), 0)
    } else if (message.type === 'result') this.#respond(message)
    else if (message.type === 'refused') this.#refuse(message)
    else if (message.type === 'ready') this.#serve()
    else if (message.type === 'notice') this.#options.onNotice(message.text)
    else if (message.type === 'closed') this.#closed()
  }

  /** To what must be known before the first command. */
  #listen(): void {
    const { connection } = this.#options
    const { subjects } = connection
    connection.listen(
      subjects.presence,
      data => new TextDecoder().decode(data),
      gateway => this.#seen(gateway),
    )
    connection.listen(subjects.rooms, decodeMessage<RoomMessageToLeader>, message => {
      if (!this.#isOver) this.#rooms.receive(message)
    })
    connection.listen(subjects.roomQuery, decodeMessage<RoomQuery>, (query, message) => {
      if (!this.#isOver) message.respond(encodeMessage(this.#rooms.answer(query)))
    })
    connection.watch(() => this.#rooms.forgetAll())
    connection.listen(subjects.session, decodeMessage<SessionRequest>, (request, message) => {
      if (this.#isOver) return
      if (request.type === 'close') this.#sessions.close(request.number)
      else if (request.type === 'abandon') this.#sessions.abandon(request.gateway, request.request)
      else {
        this.#gateways.seen(request.gateway)
        message.respond(encodeMessage(this.#sessions.open(request)))
      }
    })
  }

  #seen(gateway: string): void {
    if (this.#isOver) return
    this.#gateways.seen(gateway)
    this.#rooms.seen(gateway)
  }

  /** Their orders are canceled where that was asked for. */
  #lose(sessions: readonly Pick<SharedSession, 'accountId' | 'sessionId'>[]): void {
    for (const { accountId, sessionId } of sessions) {
      const command = { type: 'session.lose', accountId, sessionId, cause: 'disconnect' } as const
      this.#venue.receive({ type: 'command', commandId: UNASKED, command })
    }
  }

  /** Of gateways that were lost together with the leader before. */
  #loseUnreported(): void {
    if (this.#isOver) return
    const guarded = this.#options.recovered.exchange.guardedSessions
    this.#lose(guarded.filter(({ accountId, sessionId }) => !this.#sessions.has(accountId, sessionId)))
  }

  #serve(): void {
    const { connection, lead, clock, onReady } = this.#options
    const { subjects } = connection
    connection.listen(subjects.command(lead.term), decodeMessage<SentCommand>, command => {
      if (!this.#isOver) this.#intake.receive(command)
    })
    connection.listen(subjects.query, decodeMessage<SentQuery>, ({ name, params }, message) => {
      if (this.#isOver) return
      const queryId = ++this.#lastQuery
      this.#queries.set(queryId, data => message.respond(data))
      this.#venue.receive({ type: 'query', queryId, name, params } as LeaderQuery)
    })
    clock.setTimer(() => this.#loseUnreported(), GATEWAY_SILENCE_MAX_MS)
    onReady()
  }

  #respond(message: Extract<FromVenue, { type: 'result' }>): void {
    const { term } = this.#options.lead
    const { queryId, type: _, ...result } = message
    const respond = this.#queries.get(queryId)
    this.#queries.delete(queryId)
    respond?.(encodeMessage({ term, after: this.#writer.lastSequence, ...result }))
  }

  #refuse({ commandId, damaged }: Extract<FromVenue, { type: 'refused' }>): void {
    const taken = this.#intake.take(commandId)
    if (taken === undefined) return
    const { gateway, number } = taken.origin
    const { nats, subjects } = this.#options.connection
    nats.publish(subjects.gateway(gateway), encodeMessage({ type: 'refused', number, damaged }))
  }
}
