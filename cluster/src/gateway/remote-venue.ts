// A gateway's connection to the venue that leads, whichever it is: batches come from the log, commands and queries go
// to the leader. When another venue takes the lead, what has no answer is sent to that one: what the log has not by
// then was not done and never will be. Keeps no state that a restart would miss.

import type { ConnectVenue, VenueConnection, VenueReceiver } from '@papertape/gateway'
import type { EncodedPrivateEvent, ToVenue } from '@papertape/venue'
import type { PublishedPart } from '../log/entry-codec.ts'
import { decodeLead } from '../log/lead-record.ts'
import {
  decodeMessage,
  encodeMessage,
  type GatewayNotice,
  type QueryResult,
  type SentCommand,
  type SentQuery,
} from '../log/wire.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'
import { CommittedLog } from './committed-log.ts'
import { SentCommands } from './sent-commands.ts'

type VenueAnswer = { readonly queryId: number } & ({ readonly result: unknown } | { readonly damaged: string })

const QUERY_MAX_MS = 2_000
const RETRY_MS = 100
/** A command without an answer is sent again after this: core NATS may have lost it. */
const ANSWER_MAX_MS = 500
/** Of waiting for a first leader. */
const NOTICE_AFTER_MS = 3_000
/** Batches that the gateway has not processed; the log is not read further meanwhile. */
const BATCHES_MAX = 64

/**
 * @param gateway unlike the name of any other gateway, and of this one before a restart.
 * @param onLead called when another venue has taken the lead.
 */
export function connectRemoteVenue(connection: ClusterConnection, gateway: string, onLead = () => {}): ConnectVenue {
  return receiver => new RemoteVenue(connection, gateway, receiver, onLead)
}

class RemoteVenue implements VenueConnection {
  readonly #connection: ClusterConnection
  readonly #receiver: VenueReceiver
  readonly #commands: SentCommands
  readonly #onLead: () => void
  readonly #resendTimer: NodeJS.Timeout
  readonly #unsubscribe: () => void
  #log: CommittedLog | undefined
  #term = 0
  #batchNumber = 0
  #processed = 0
  #onRoom: (() => void) | undefined
  /** Commands have been sent, and none was answered, since the timer ran last. */
  #isStalled = false
  #isClosed = false

  constructor(connection: ClusterConnection, gateway: string, receiver: VenueReceiver, onLead: () => void) {
    this.#onLead = onLead
    this.#connection = connection
    this.#receiver = receiver
    this.#commands = new SentCommands(gateway)
    this.#unsubscribe = connection.listen(connection.subjects.gateway(gateway), decodeMessage<GatewayNotice>, notice =>
      this.#notice(notice),
    )
    connection.watch(() => this.#resendCommands())
    this.#resendTimer = setInterval(() => this.#resendStalled(), ANSWER_MAX_MS)
    void this.#open()
  }

  send(message: ToVenue): void {
    if (message.type === 'command') {
      this.#publish(this.#commands.add(message.commandId, message.command, message.logon))
    } else if (message.type === 'query') {
      void this.#ask(message).then(answer => answer && this.#receiver.receive({ type: 'result', ...answer }))
    } else if (message.type === 'processed') {
      this.#processed = message.number
      if (this.#batchNumber - this.#processed < BATCHES_MAX) this.#onRoom?.()
    } else if (message.type === 'close') {
      this.#isClosed = true
      setImmediate(() => this.#receiver.receive({ type: 'closed' }))
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#resendTimer)
    this.#unsubscribe()
    this.#log?.stop()
  }

  /** Reads the log from its end, once somebody leads: what came before is in the answers of queries. */
  async #open(): Promise<void> {
    const noticeAtMs = performance.now() + NOTICE_AFTER_MS
    let failure: Error | undefined
    for (let isNoticed = false; ; ) {
      if (this.#isClosed) return
      if (!isNoticed && performance.now() > noticeAtMs) {
        isNoticed = true
        const why = failure === undefined ? '' : ` (${failure.message})`
        const text = `no venue leads ${this.#connection.stream} yet${why}; waits for one`
        this.#receiver.receive({ type: 'notice', text })
      }
      const from = await this.#findLead().catch(error => {
        failure = error as Error
        return undefined
      })
      if (from !== undefined) {
        this.#log = new CommittedLog({
          connection: this.#connection,
          from,
          onEntry: entry => this.#receiveEntry(entry),
          onLead: ({ term }) => this.#follow(term),
          onFailure: error => this.#receiver.fail(error),
          room: () => this.#room(),
        })
        break
      }
      await passed(RETRY_MS)
    }
    // Answered once the leader has caught up with its clock.
    if ((await this.#ask({ queryId: 0, name: 'counts', params: {} })) === undefined) return
    this.#receiver.receive({ type: 'opened' })
    this.#receiver.receive({ type: 'ready' })
  }

  /** @returns the first message to read; undefined while nobody has led. */
  async #findLead(): Promise<number | undefined> {
    const lead = await this.#connection.lastLead()
    if (lead === undefined) return undefined
    this.#term = decodeLead(lead.data).term
    return (await this.#connection.lastSequence()) + 1
  }

  #receiveEntry({ time, events, privateEvents, answers }: PublishedPart): void {
    const { gateway } = this.#commands
    const ownIds = privateEvents.map(({ origin, ...event }): EncodedPrivateEvent => {
      const commandId = origin?.gateway === gateway ? this.#commands.commandIdOf(origin.number) : undefined
      return commandId === undefined ? event : { ...event, commandId }
    })
    const ownAnswers = answers.flatMap(({ origin, answer }) => {
      const commandId = origin.gateway === gateway ? this.#commands.take(origin.number) : undefined
      return commandId === undefined ? [] : [{ commandId, answer }]
    })
    if (ownAnswers.length > 0) this.#isStalled = false
    const number = ++this.#batchNumber
    const changes = answers.flatMap(({ origin, change }) =>
      change === undefined || origin.gateway === gateway ? [] : [change],
    )
    const batch = { type: 'batch', number, time, events, privateEvents: ownIds, answers: ownAnswers } as const
    this.#receiver.receive(changes.length === 0 ? batch : { ...batch, changes })
  }

  #follow(term: number): void {
    if (term <= this.#term) return
    this.#term = term
    this.#onLead()
    this.#resendCommands()
  }

  #notice(notice: GatewayNotice): void {
    if (notice.type === 'resend') {
      if (notice.term === this.#term) this.#resendCommands(notice.from)
      return
    }
    const commandId = this.#commands.take(notice.number)
    if (notice.type === 'dropped' || commandId === undefined) return
    this.#receiver.receive({ type: 'refused', commandId, damaged: notice.damaged })
  }

  #publish(command: SentCommand): void {
    const { nats, subjects } = this.#connection
    if (!nats.isClosed()) nats.publish(subjects.command(this.#term), encodeMessage(command))
  }

  #resendCommands(from = 0): void {
    for (const command of this.#commands.from(from)) this.#publish(command)
  }

  #resendStalled(): void {
    if (this.#commands.isEmpty) this.#isStalled = false
    else if (this.#isStalled) this.#resendCommands()
    else this.#isStalled = true
  }

  /** @returns the answer; undefined when the gateway has closed before. */
  async #ask({ queryId, name, params }: SentQuery & { readonly queryId: number }): Promise<VenueAnswer | undefined> {
    const { nats, subjects } = this.#connection
    while (!this.#isClosed) {
      try {
        const { data } = await nats.request(subjects.query, encodeMessage({ name, params }), { timeout: QUERY_MAX_MS })
        const { term, after, ...answer } = decodeMessage<QueryResult>(data)
        if (await this.#isCommitted(term, after)) return { queryId, ...answer } as VenueAnswer
      } catch {
        // No leader yet, or none any more.
        await passed(RETRY_MS)
      }
    }
    return undefined
  }

  /**
   * Settles when everything up to this message has been passed on.
   * @returns false when another venue took the lead before it: what the answer has was never committed
   */
  #isCommitted(term: number, after: number): Promise<boolean> {
    return new Promise(resolve => this.#log!.whenDelivered(after, () => resolve(term === this.#term)))
  }

  /** Undefined while there is room for more batches. */
  #room(): Promise<void> | undefined {
    if (this.#batchNumber - this.#processed < BATCHES_MAX) return undefined
    return new Promise(resolve => {
      this.#onRoom = resolve
    })
  }
}

function passed(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
