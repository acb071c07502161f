// The gateway's side of the venue: sends commands and queries, passes batches on, and settles a promise for each
// answer. Knows the messages only; what carries them is a VenueConnection: between threads, or within one.

import type { Command, CommandAnswer } from '@papertape/protocol'
import type { Batch, FromVenue, Logon, Queries, QueryName, ToVenue } from '@papertape/venue'
import { JournalDamaged } from '@papertape/venue'
import type { CommandDelays } from './delays/command-delays.ts'

export interface VenueEvents {
  /**
   * @param processed call it when the batch has been processed, in a later turn of the event loop: the venue then sends
   * the next one, and in the same turn nothing else would run.
   */
  onBatch(batch: Batch, processed: () => void): void
  onCatchingUp(behindMs: number): void
  /** The journal is open and recovered; the market begins to catch up, which may take long. */
  onOpened(): void
  /** A log line for the operator. */
  onNotice(text: string): void
  /** The thread has ended: a broken invariant, a full disk, a damaged journal. The server cannot go on without it. */
  onFailure(error: Error): void
}

/** Carries messages to the venue, in order. */
export interface VenueConnection {
  send(message: ToVenue): void
  /** Frees what the connection holds, once the venue has answered `closed`. */
  close(): Promise<void>
}

/** Takes what the venue sends, in order. */
export interface VenueReceiver {
  receive(message: FromVenue): void
  /** The venue has failed; nothing more comes. */
  fail(error: Error): void
}

/** Starts a venue. The receiver is called in later turns of the event loop only. */
export type ConnectVenue = (receiver: VenueReceiver) => VenueConnection

interface SubmittedCommand {
  readonly commandId: number
  readonly answer: Promise<CommandAnswer>
  readonly latencyMs?: number | undefined
}

/** What routes and order sessions use of a venue. */
export type VenuePort = Pick<VenueClient, 'submit' | 'query'>

interface PendingAnswer {
  resolve(answer: unknown): void
  reject(error: Error): void
}

export class VenueClient {
  readonly #connection: VenueConnection
  readonly #events: VenueEvents
  readonly #commands = new Map<number, PendingAnswer>()
  readonly #queries = new Map<number, PendingAnswer>()
  readonly #delays: CommandDelays
  readonly ready: Promise<void>
  #markReady: () => void = () => {}
  #nextId = 1
  #closed: (() => void) | undefined

  constructor(connect: ConnectVenue, events: VenueEvents, delays: CommandDelays) {
    this.#delays = delays
    this.#events = events
    this.ready = new Promise(resolve => {
      this.#markReady = resolve
    })
    this.#connection = connect({
      receive: message => this.#receive(message),
      fail: error => this.#fail(error),
    })
  }

  /**
   * Whether anybody waits for the market's events: while nobody does, the venue publishes them every ten seconds.
   * Settles when what had happened by now is published.
   */
  async setAudience(isPresent: boolean): Promise<void> {
    this.#connection.send({ type: 'audience', isPresent })
    // Answered after it.
    if (isPresent) await this.query('counts', {})
  }

  /**
   * Sends a command; settles when its effects are durable and have been published.
   * @param logon whose command it is, where sessions are shared by gateways.
   * @returns the id that the command's private events carry, the answer, and how long the profile of an account for
   * tests holds it before it is sent.
   */
  submit(command: Command, logon?: Logon): SubmittedCommand {
    const commandId = this.#nextId++
    const answer = this.#await<CommandAnswer>(this.#commands, commandId)
    const latencyMs = this.#delays.carry(command, () =>
      this.#send({ type: 'command', commandId, command, ...(logon !== undefined && { logon }) }),
    )
    return { commandId, answer, latencyMs }
  }

  query<Q extends QueryName>(name: Q, params: Queries[Q]['params']): Promise<Queries[Q]['result']> {
    const queryId = this.#nextId++
    const answer = this.#await<Queries[Q]['result']>(this.#queries, queryId)
    this.#send({ type: 'query', queryId, name, params } as ToVenue)
    return answer
  }

  /** Has the venue flush, write a checkpoint and end. */
  async close(): Promise<void> {
    this.#delays.stop()
    const closed = new Promise<void>(resolve => {
      this.#closed = resolve
    })
    this.#send({ type: 'close' })
    await closed
    await this.#connection.close()
  }

  #send(message: ToVenue): void {
    this.#connection.send(message)
  }

  #await<T>(waiting: Map<number, PendingAnswer>, id: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject })
    })
  }

  #receive(message: FromVenue): void {
    if (message.type === 'batch') this.#receiveBatch(message)
    else if (message.type === 'result') this.#receiveResult(message)
    else if (message.type === 'ready') this.#markReady()
    else if (message.type === 'catchingUp') this.#events.onCatchingUp(message.behindMs)
    else if (message.type === 'refused') refuse(this.#commands, message.commandId, new JournalDamaged(message.damaged))
    else if (message.type === 'opened') this.#events.onOpened()
    else if (message.type === 'notice') this.#events.onNotice(message.text)
    else this.#closed?.()
  }

  #receiveResult(message: FromVenue & { readonly type: 'result' }): void {
    if ('result' in message) settle(this.#queries, message.queryId, message.result)
    else refuse(this.#queries, message.queryId, new JournalDamaged(message.damaged))
  }

  /** Publishes before it answers: a client that gets the answer finds its events in the log. */
  #receiveBatch(batch: Batch): void {
    this.#events.onBatch(batch, () => this.#send({ type: 'processed', number: batch.number }))
    for (const { commandId, answer } of batch.answers) settle(this.#commands, commandId, answer)
  }

  #fail(error: Error): void {
    for (const waiting of [this.#commands, this.#queries]) {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    this.#events.onFailure(error)
  }
}

function settle(waiting: Map<number, PendingAnswer>, id: number, answer: unknown): void {
  waiting.get(id)?.resolve(answer)
  waiting.delete(id)
}

function refuse(waiting: Map<number, PendingAnswer>, id: number, error: Error): void {
  waiting.get(id)?.reject(error)
  waiting.delete(id)
}
