// A journal in memory, for pages and tests: lost when the program ends. Has no checksums, since nothing can damage it.

import type { StateRow } from '@papertape/engine'
import type { FeedEventName, PrivateEvent } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from '../messages.ts'
import { changesCash } from './cash-events.ts'
import { firstIndex } from './first-index.ts'
import type { Checkpoint, Flush, Journal, LoggedCommand, StoredCheckpoint } from './journal.ts'
import { MemoryOrderStore, type SavedOrderStore } from './memory-order-store.ts'

/** As JSON, so that no restored exchange shares its state with the journal. */
interface KeptCheckpoint extends Omit<Checkpoint, 'market'> {
  readonly marketJson: string
}

/** Plain data, which a structured clone copies, such as into a page's storage. */
export interface SavedJournal {
  readonly meta: ReadonlyMap<string, string>
  readonly privateEvents: ReadonlyMap<string, EncodedPrivateEvent[]>
  /** The newest, with all rows. */
  readonly checkpoint: KeptCheckpoint | undefined
  /** Those after the checkpoint. */
  readonly commands: readonly LoggedCommand[]
  readonly events: readonly EncodedEvent[]
  readonly source: string | undefined
  readonly oldest: number
  /** Of accounts whose older private events were forgotten; absent where it was saved before any were. */
  readonly privateOldest?: ReadonlyMap<string, number>
  readonly orders: SavedOrderStore
}

export class MemoryJournal implements Journal {
  readonly orders: MemoryOrderStore
  readonly #meta: Map<string, string>
  readonly #privateEvents: Map<string, EncodedPrivateEvent[]>
  readonly #privateOldest: Map<string, number>
  readonly #checkpoints: KeptCheckpoint[]
  #commands: LoggedCommand[]
  #events: EncodedEvent[]
  #source: string | undefined
  #oldest: number

  /** @param saved to go on from. */
  constructor(saved?: SavedJournal) {
    this.orders = new MemoryOrderStore(saved?.orders)
    this.#meta = new Map(saved?.meta)
    this.#privateEvents = new Map(saved?.privateEvents)
    this.#privateOldest = new Map(saved?.privateOldest)
    this.#checkpoints = saved?.checkpoint === undefined ? [] : [saved.checkpoint]
    this.#commands = [...(saved?.commands ?? [])]
    this.#events = [...(saved?.events ?? [])]
    this.#source = saved?.source
    this.#oldest = saved?.oldest ?? 1
  }

  /** Of all accounts. */
  get privateEventCount(): number {
    let count = 0
    for (const stream of this.#privateEvents.values()) count += stream.length
    return count
  }

  /** What a recovery needs. Shares its parts with the journal: copy it before the next append. */
  save(): SavedJournal {
    const newest = this.#checkpoints.at(-1)
    return {
      meta: this.#meta,
      privateEvents: this.#privateEvents,
      checkpoint: newest && { ...newest, changes: newestRows(this.#checkpoints) },
      commands: this.#commands.filter(({ number }) => number > (newest?.number ?? 0)),
      events: this.#events,
      source: this.#source,
      oldest: this.#oldest,
      privateOldest: this.#privateOldest,
      orders: this.orders.save(),
    }
  }

  get lastCommand(): number {
    return (this.#commands.at(-1) ?? this.#checkpoints.at(-1))?.number ?? 0
  }

  head(): number {
    return Math.max(this.#events.at(-1)?.seq ?? 0, this.#oldest - 1)
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
    // First what can throw.
    if (source !== undefined) this.#source = JSON.stringify(source)
    for (const command of commands) this.#commands.push(command)
    for (const event of events) this.#events.push(event)
    for (const { accountId, seq, data } of privateEvents) {
      const stream = this.#privateEvents.get(accountId) ?? []
      stream.push({ accountId, seq, data })
      this.#privateEvents.set(accountId, stream)
    }
    this.orders.append(orders)
    if (checkpoint !== undefined) this.writeCheckpoint(checkpoint)
  }

  maintain(): boolean {
    return false
  }

  writeCheckpoint(given: Checkpoint): void {
    const { market, ...rest } = given
    const checkpoint = { ...rest, marketJson: JSON.stringify(market) }
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
    const { changes: _, marketJson, ...head } = checkpoint
    return { ...head, market: JSON.parse(marketJson), rows: () => newestRows(this.#checkpoints.slice(0, index + 1)) }
  }

  checkpointHashes(): Map<number, string> {
    return new Map(this.#checkpoints.map(({ number, hash }) => [number, hash]))
  }

  commandsAfter(number: number): Iterable<LoggedCommand> {
    return this.#commands.filter(command => command.number > number)
  }

  eventsFrom(from: number, limit: number): EncodedEvent[] {
    const start = firstIndex(this.#events, Math.max(from, this.#oldest))
    return this.#events.slice(start, start + limit)
  }

  history(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const found: EncodedEvent[] = []
    for (let i = firstIndex(this.#events, before) - 1; i >= 0 && found.length < limit; i--) {
      const candidate = this.#events[i]!
      if (candidate.symbol === symbol && candidate.event === event) found.push(candidate)
    }
    return found
  }

  privateEvents(accountId: string, from: number, limit: number): EncodedPrivateEvent[] {
    const stream = this.#privateEvents.get(accountId) ?? []
    const start = firstIndex(stream, Math.max(from, this.privateOldest(accountId)))
    return stream.slice(start, start + limit)
  }

  privateOldest(accountId: string): number {
    return this.#privateOldest.get(accountId) ?? 1
  }

  cashEvents(accountId: string, before: number, limit: number): EncodedPrivateEvent[] {
    const stream = this.#privateEvents.get(accountId) ?? []
    const found: EncodedPrivateEvent[] = []
    for (let i = firstIndex(stream, before) - 1; i >= 0 && found.length < limit; i--) {
      if (changesCash(stream[i]!.data)) found.push(stream[i]!)
    }
    return found
  }

  forget(eventsKept: number, privateSinceUs = 0): void {
    for (const [accountId, stream] of this.#privateEvents) this.#forgetPrivate(accountId, stream, privateSinceUs)
    const oldest = Math.max(this.#oldest, this.head() - eventsKept + 1)
    const kept = this.#seqsForViews()
    const isKept = ({ seq, event }: EncodedEvent) =>
      seq >= oldest || event === 'candle' || event === 'news' || kept.has(seq)
    this.#events = this.#events.filter(isKept)
    this.#oldest = oldest
    if (this.#checkpoints.length < 2) return
    const forgotten = this.#checkpoints.splice(0, this.#checkpoints.length - 2)
    const older = this.#checkpoints[0]!
    this.#checkpoints[0] = { ...older, changes: newestRows([...forgotten, older]) }
    this.#commands = this.#commands.filter(({ number }) => number > older.number)
  }

  /** The order archive has what it needs of them, the ledger reads those that changed cash. */
  #forgetPrivate(accountId: string, stream: EncodedPrivateEvent[], sinceUs: number): void {
    const oldest = firstIndex(stream, this.privateOldest(accountId))
    const newer = stream.findIndex(({ data }, i) => i >= oldest && (JSON.parse(data) as PrivateEvent).ts >= sinceUs)
    const forgotten = stream.slice(oldest, newer < 0 ? stream.length : newer)
    const last = forgotten.at(-1)
    if (last === undefined) return
    this.#privateOldest.set(accountId, last.seq + 1)
    stream.splice(oldest, forgotten.length, ...forgotten.filter(({ data }) => changesCash(data)))
  }

  /**
   * A feed that starts restores its view from these, the candles and the news: last quote, last trade, trades of the
   * open minute.
   */
  #seqsForViews(): Set<number> {
    const lastQuotes = new Map<string | null, number>()
    const openTrades = new Map<string | null, number[]>()
    const lastTrades = new Map<string | null, number>()
    for (const { seq, event, symbol } of this.#events) {
      if (event === 'quote') lastQuotes.set(symbol, seq)
      else if (event === 'candle') openTrades.delete(symbol)
      else if (event === 'trade') {
        lastTrades.set(symbol, seq)
        const trades = openTrades.get(symbol)
        if (trades === undefined) openTrades.set(symbol, [seq])
        else trades.push(seq)
      }
    }
    return new Set([...lastQuotes.values(), ...lastTrades.values(), ...[...openTrades.values()].flat()])
  }
}

function newestRows(checkpoints: readonly Pick<Checkpoint, 'changes'>[]): StateRow[] {
  const rows = new Map<string, StateRow>()
  for (const { changes } of checkpoints) for (const row of changes) rows.set(`${row.part} ${row.id}`, row)
  return [...rows.values()].filter(({ body }) => body !== null)
}
