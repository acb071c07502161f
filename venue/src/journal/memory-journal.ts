// A journal in memory, for pages and tests: gone when the program ends, and without checksums, since nothing can damage it.

import type { StateRow } from '@papertape/engine'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from '../messages.ts'
import {
  type Checkpoint,
  EMPTY_JOURNAL_END,
  type Flush,
  type Journal,
  type JournalEnd,
  type LoggedCommand,
  type StoredCheckpoint,
} from './journal.ts'
import { MemoryOrderStore } from './memory-order-store.ts'

export class MemoryJournal implements Journal {
  readonly orders = new MemoryOrderStore()
  readonly #meta = new Map<string, string>()
  readonly #privateEvents = new Map<string, EncodedPrivateEvent[]>()
  readonly #checkpoints: Checkpoint[] = []
  #commands: LoggedCommand[] = []
  #events: EncodedEvent[] = []
  #source: string | undefined
  #oldest = 1

  get end(): JournalEnd {
    const last = this.#commands.at(-1) ?? this.#checkpoints.at(-1)
    return last === undefined ? EMPTY_JOURNAL_END : { number: last.number, chain: '' }
  }

  head(): number {
    return this.#events.at(-1)?.seq ?? this.#oldest - 1
  }

  oldest(): number {
    return this.#oldest
  }

  meta(key: string): string | undefined {
    return this.#meta.get(key)
  }

  setMeta(key: string, value: string): void {
    this.#meta.set(key, value)
  }

  source(): unknown {
    return this.#source === undefined ? undefined : JSON.parse(this.#source)
  }

  append({ commands, events, privateEvents, orders = [], source, checkpoint }: Flush): void {
    this.#commands.push(...commands)
    this.#events.push(...events)
    for (const { accountId, seq, data } of privateEvents) {
      const stream = this.#privateEvents.get(accountId) ?? []
      stream.push({ accountId, seq, data })
      this.#privateEvents.set(accountId, stream)
    }
    this.#source = JSON.stringify(source)
    this.orders.append(orders)
    if (checkpoint !== undefined) this.writeCheckpoint(checkpoint)
  }

  writeCheckpoint(checkpoint: Checkpoint): void {
    if (this.#checkpoints.at(-1)?.number === checkpoint.number) {
      const { changes } = this.#checkpoints.pop()!
      this.#checkpoints.push({ ...checkpoint, changes: [...changes, ...checkpoint.changes] })
    } else this.#checkpoints.push(checkpoint)
  }

  checkpoint(which: 'newest' | 'oldest' | number): StoredCheckpoint | undefined {
    const index =
      which === 'newest'
        ? this.#checkpoints.length - 1
        : which === 'oldest'
          ? 0
          : this.#checkpoints.findIndex(({ number }) => number === which)
    const checkpoint = this.#checkpoints[index]
    if (checkpoint === undefined) return undefined
    const { changes: _, ...head } = checkpoint
    return { ...head, rows: () => newestRows(this.#checkpoints.slice(0, index + 1)) }
  }

  checkpointHashes(): Map<number, string> {
    return new Map(this.#checkpoints.map(({ number, hash }) => [number, hash]))
  }

  commandsAfter(number: number): Iterable<LoggedCommand> {
    return this.#commands.filter(command => command.number > number)
  }

  eventsFrom(from: number, limit: number): EncodedEvent[] {
    const start = firstIndex(this.#events, from)
    return this.#events.slice(start, start + limit)
  }

  history(symbol: string, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const found: EncodedEvent[] = []
    for (let i = firstIndex(this.#events, before) - 1; i >= 0 && found.length < limit; i--) {
      const candidate = this.#events[i]!
      if (candidate.symbol === symbol && candidate.event === event) found.push(candidate)
    }
    return found
  }

  privateEvents(accountId: string, from: number, limit: number): EncodedPrivateEvent[] {
    const stream = this.#privateEvents.get(accountId) ?? []
    const start = firstIndex(stream, from)
    return stream.slice(start, start + limit)
  }

  forget(eventsKept: number): void {
    const oldest = Math.max(this.#oldest, this.head() - eventsKept + 1)
    this.#events = this.#events.filter(event => event.seq >= oldest || this.#isKept(event))
    this.#oldest = oldest
    if (this.#checkpoints.length < 2) return
    const forgotten = this.#checkpoints.splice(0, this.#checkpoints.length - 1)
    const [newest] = this.#checkpoints
    this.#checkpoints[0] = { ...newest!, changes: newestRows([...forgotten, newest!]) }
    this.#commands = this.#commands.filter(({ number }) => number > newest!.number)
  }

  /** What a gateway that starts makes its view of: closed minutes, the last quote and trade, the open minute's trades. */
  #isKept({ symbol, event, seq }: EncodedEvent): boolean {
    if (event === 'candle') return true
    if (symbol === null || (event !== 'quote' && event !== 'trade')) return false
    const lastCandle = this.history(symbol, 'candle', Number.POSITIVE_INFINITY, 1)[0]?.seq ?? 0
    if (event === 'trade' && seq > lastCandle) return true
    return this.history(symbol, event, Number.POSITIVE_INFINITY, 1)[0]?.seq === seq
  }
}

/** Binary search: the first with this number or a higher one. */
function firstIndex(events: readonly { readonly seq: number }[], seq: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (events[middle]!.seq < seq) low = middle + 1
    else high = middle
  }
  return low
}

function newestRows(checkpoints: readonly Checkpoint[]): StateRow[] {
  const rows = new Map<string, StateRow>()
  for (const { changes } of checkpoints) for (const row of changes) rows.set(`${row.part} ${row.id}`, row)
  return [...rows.values()].filter(({ body }) => body !== null)
}
