// Writes messages to the log in order, several ahead. Each states which message it must come after, by number and id:
// once another venue has written there, nothing of this one is stored any more. The number alone would not do: a
// message of another venue that takes the place of one that is under way lets the one after it pass. What was not
// acknowledged is sent again until it is: the message's id shows that it was stored before. Uses no clock, no lease and
// no lock.

import { setTimeout as delay } from 'node:timers/promises'
import { JetStreamApiError } from '@nats-io/jetstream'
import type { ClusterConnection } from '../nats/cluster-connection.ts'

/** The log has another message at the place of this one: another venue leads. */
export class Fenced extends Error {
  readonly code = 'fenced'
}

/** A message of the log, by its number and the id that its writer gave it. */
export interface LogPlace {
  readonly sequence: number
  readonly id: string
}

interface Unstored extends LogPlace {
  readonly subject: string
  readonly before: LogPlace
  readonly data: Uint8Array
  readonly onStored: ((sequence: number) => void)[]
  isStored: boolean
}

const ACK_MAX_MS = 1_500
const RETRY_MS = 100
/** Of the JetStream API: the stream is not where the message expects it. */
const WRONG_LAST_SEQUENCE = 10_071
const WRONG_LAST_ID = 10_070

export class FencedWriter {
  readonly #connection: ClusterConnection
  readonly #onFenced: (error: Fenced) => void
  readonly #unstored: Unstored[] = []
  #last: LogPlace
  #isRepairing = false
  #isStopped = false

  /**
   * @param last the message of the log after which this writer's first one comes.
   * @param onFenced called once; nothing is written any more.
   */
  constructor(connection: ClusterConnection, last: LogPlace, onFenced: (error: Fenced) => void) {
    this.#connection = connection
    this.#last = last
    this.#onFenced = onFenced
  }

  /** Of the last message that was given to append(). */
  get lastSequence(): number {
    return this.#last.sequence
  }

  /** Calls back when every message is stored that was given to append(): at once, or in a later turn. */
  whenStored(callback: () => void): void {
    const last = this.#unstored.at(-1)
    if (last === undefined) callback()
    else last.onStored.push(callback)
  }

  /**
   * @param id unlike that of any other message of the log.
   * @param onStored called in the order of the messages.
   * @param subject one of those that the log has.
   */
  append(
    id: string,
    data: Uint8Array,
    onStored: (sequence: number) => void,
    subject = this.#connection.subjects.log,
  ): void {
    const before = this.#last
    const sequence = before.sequence + 1
    const message: Unstored = { sequence, id, before, subject, data, onStored: [onStored], isStored: false }
    this.#last = message
    this.#unstored.push(message)
    if (!this.#isRepairing) this.#send(message)
  }

  stop(): void {
    this.#isStopped = true
  }

  #send(message: Unstored): void {
    this.#publish(message, message.before.id).then(
      ({ seq }) => this.#stored(message, seq),
      () => {
        if (!message.isStored) void this.#repair()
      },
    )
  }

  #publish({ id, before, subject, data }: Unstored, idBefore: string | undefined) {
    return this.#connection.jetstream.publish(subject, data, {
      msgID: id,
      expect: { lastSequence: before.sequence, ...(idBefore !== undefined && { lastMsgID: idBefore }) },
      timeout: ACK_MAX_MS,
      retries: 1,
    })
  }

  #stored(message: Unstored, sequence: number): void {
    if (this.#isStopped) return
    if (sequence !== message.sequence) {
      this.#fence(`message ${message.id} was stored as ${sequence}, not as ${message.sequence}`)
      return
    }
    message.isStored = true
    for (;;) {
      const first = this.#unstored[0]
      if (this.#isStopped || first === undefined || !first.isStored) return
      this.#unstored.shift()
      for (const call of first.onStored) call(first.sequence)
    }
  }

  /** Sends the oldest message until it is stored, then those after it again. */
  async #repair(): Promise<void> {
    if (this.#isRepairing || this.#isStopped) return
    this.#isRepairing = true
    for (;;) {
      const first = this.#unstored.find(({ isStored }) => !isStored)
      if (first === undefined || this.#isStopped || (await this.#isStoredNow(first))) break
      await delay(RETRY_MS)
    }
    this.#isRepairing = false
    if (this.#isStopped) return
    for (const message of this.#unstored) if (!message.isStored) this.#send(message)
  }

  async #isStoredNow(message: Unstored): Promise<boolean> {
    const { before } = message
    let code = await this.#tryToStore(message, before.id)
    // A server that has caught up with the others may have the id of another message for the last one's. Where this
    // message comes after its own predecessor, the number alone fences it.
    if (code === WRONG_LAST_ID && (await this.#idAt(before.sequence)) === before.id)
      code = await this.#tryToStore(message, undefined)
    if (code !== WRONG_LAST_SEQUENCE) return code === undefined
    const id = await this.#idAt(message.sequence)
    if (id === undefined) return false
    if (id === message.id) this.#stored(message, message.sequence)
    else this.#fence(`the log has ${id} at ${message.sequence}, the place of ${message.id}`)
    return true
  }

  /** @returns undefined once it is stored; else why not, 0 for what is no answer of JetStream */
  async #tryToStore(message: Unstored, idBefore: string | undefined): Promise<number | undefined> {
    try {
      const { seq } = await this.#publish(message, idBefore)
      this.#stored(message, seq)
      return undefined
    } catch (error) {
      return error instanceof JetStreamApiError ? error.code : 0
    }
  }

  /** Of the message that the log has there; undefined when it has none, or cannot be asked. */
  async #idAt(sequence: number): Promise<string | undefined> {
    const { manager, stream } = this.#connection
    const found = await manager.streams.getMessage(stream, { seq: sequence }).catch(() => null)
    return found?.header.get('Nats-Msg-Id')
  }

  #fence(text: string): void {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#onFenced(new Fenced(text))
  }
}
