// The gateway's client of the venue: starts the venue's thread, sends it commands and queries as promises, and passes its batches on.
// Nothing else depends on the thread: the messages could pass over a network.

import { Worker } from 'node:worker_threads'
import type { Command, CommandAnswer } from '@papertape/protocol'
import type { Batch, FromVenue, Queries, QueryName, ToVenue } from '@papertape/venue'
import { JournalDamaged } from '@papertape/venue'
import type { ServerVenueOptions } from './open-venue.ts'

export interface VenueEvents {
  /**
   * @param processed call it when the batch has been processed, in a later turn of the event loop: the venue then sends the next one,
   *   and in the same turn nothing else would run.
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

interface PendingAnswer {
  resolve(answer: unknown): void
  reject(error: Error): void
}

export class VenueClient {
  readonly #worker: Worker
  readonly #events: VenueEvents
  readonly #commands = new Map<number, PendingAnswer>()
  readonly #queries = new Map<number, PendingAnswer>()
  readonly ready: Promise<void>
  #markReady: () => void = () => {}
  #nextId = 1
  #closed: (() => void) | undefined

  constructor(options: ServerVenueOptions, events: VenueEvents) {
    this.#events = events
    this.ready = new Promise(resolve => {
      this.#markReady = resolve
    })
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options })
    this.#worker.on('message', (message: FromVenue) => this.#receive(message))
    this.#worker.on('error', error => this.#fail(error as Error))
  }

  /**
   * Sends a command; settles when its effects are durable and have been published.
   * @returns the id that the command's private events carry, and the answer.
   */
  submit(command: Command): { readonly commandId: number; readonly answer: Promise<CommandAnswer> } {
    const commandId = this.#nextId++
    const answer = this.#await<CommandAnswer>(this.#commands, commandId)
    this.#send({ type: 'command', commandId, command })
    return { commandId, answer }
  }

  query<Q extends QueryName>(name: Q, params: Queries[Q]['params']): Promise<Queries[Q]['result']> {
    const queryId = this.#nextId++
    const answer = this.#await<Queries[Q]['result']>(this.#queries, queryId)
    this.#send({ type: 'query', queryId, name, params } as ToVenue)
    return answer
  }

  /** Flushes, writes a checkpoint and ends the thread. */
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => {
      this.#closed = resolve
    })
    this.#send({ type: 'close' })
    await closed
    await this.#worker.terminate()
  }

  #send(message: ToVenue): void {
    this.#worker.postMessage(message)
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
