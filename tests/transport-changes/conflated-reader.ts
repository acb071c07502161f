// A reader of conflated quotes and books, and of everything else once: judges that no quote and no book goes back, that
// each state is one that the log has, and that what is never conflated is whole. Chooses no transport.

import assert from 'node:assert/strict'
import { formatPosition, parsePosition } from '@papertape/protocol'
import type { ArrivedFrame } from './feed-transports.ts'
import { LogTruth, type StoredLogEvent } from './log-truth.ts'
import { ALL_EVENTS, RoamingReader } from './roaming-reader.ts'

interface ArrivedEvent extends StoredLogEvent {
  readonly seq: number
}
interface ArrivedState extends ArrivedEvent {
  readonly symbol: string
  /** How many events it says that it stands for. */
  readonly folded: number
  /** The one before it on the same connection. */
  readonly after: number | undefined
}

export class ConflatedReader extends RoamingReader {
  readonly parameters: Readonly<Record<string, string>>
  /** Quotes and books no newer than what the reader had, which it drops. */
  stale = 0
  readonly #truth: LogTruth
  /** The seq of each quote and book that came over this connection. */
  #ofConnection = new Map<string, number>()
  /** Where comparing begins: what is never conflated has arrived from here on. */
  #wholeFrom = 0
  #unconflated: ArrivedEvent[] = []
  /** Conflated ones, which stand at any place. */
  #states: ArrivedState[] = []

  constructor(name: string, truth: LogTruth, tickSizes: ReadonlyMap<string, number>, maxHz: number) {
    super(name, tickSizes)
    this.parameters = { events: ALL_EVENTS, maxHz: String(maxHz) }
    this.#truth = truth
  }

  override connect(via: string): void {
    super.connect(via)
    this.#ofConnection = new Map()
  }

  protected override takeOther(frame: ArrivedFrame): void {
    const { event, id, data } = frame
    switch (event) {
      case 'heartbeat':
        this.#advance(formatPosition(this.position!.epoch, data.head))
        break
      case 'position':
        this.#advance(id!)
        break
      case 'reset':
        assert.fail(this.describe(JSON.stringify(data)))
        break
      case 'snapshot':
        this.#takeSnapshot(data)
        break
      case 'quote':
      case 'book':
        this.#takeConflated(frame)
        break
      default:
        this.#takeUnconflated(frame)
    }
  }

  expect(): void {
    // Conflated states are not all those that the events give on the way.
  }

  /** Compares with the log what has arrived of pages that are behind the position. */
  async settle(): Promise<void> {
    if (this.position === undefined) return
    const { epoch, seq } = this.position
    const first = LogTruth.firstOf(seq)
    const [unconflated, states] = [this.#unconflated, this.#states]
    this.#unconflated = unconflated.filter(one => one.seq >= first)
    this.#states = states.filter(one => one.seq >= first)
    const from = this.#wholeFrom
    for (let page = LogTruth.firstOf(from + 1); page < first; page = LogTruth.lastOf(page) + 1) {
      const logged = await this.#truth.page(epoch, page)
      if (logged === undefined) continue
      const expected = logged
        .map((line, i) => ({ seq: page + i, ...line }))
        .filter(one => one.seq > from && one.event !== 'quote' && one.event !== 'book')
      const own = unconflated.filter(one => LogTruth.firstOf(one.seq) === page)
      assert.deepEqual(own, expected, `${this.name}: what is never conflated, of the page from ${page}`)
    }
    this.#wholeFrom = Math.max(from, first - 1)
    for (const state of states.filter(one => one.seq < first)) await this.#compareState(epoch, state)
  }

  /** It is an event of the log, and stands for all of its kind and symbol since the one before it. */
  async #compareState(
    epoch: string,
    { seq, event, text, symbol, folded, after = seq - 1 }: ArrivedState,
  ): Promise<void> {
    let count = 0
    for (let page = LogTruth.firstOf(after + 1); page <= seq; page = LogTruth.lastOf(page) + 1) {
      const logged = await this.#truth.page(epoch, page)
      if (logged === undefined) return
      const own = logged.slice(Math.max(0, after + 1 - page), seq + 1 - page)
      count += own.filter(one => one.event === event && one.text.includes(`"symbol":"${symbol}"`)).length
      if (LogTruth.lastOf(page) < seq) continue
      const newest = own.at(-1)!
      const logState = { event: newest.event, text: stateOf(newest.event, JSON.parse(newest.text)) }
      assert.deepEqual({ event, text }, logState, `${this.name}: ${event} ${seq}`)
    }
    // After a stall it may stand for some again that were sent in the meantime.
    assert.ok(folded >= count, `${this.name}: ${event} ${seq} stands for ${folded} of ${count} since ${after}`)
  }

  #takeSnapshot({ id, instruments }: ArrivedFrame['data']): void {
    const at = parsePosition(id)!
    if (this.position === undefined) this.#wholeFrom = at.seq
    for (const { symbol, quote, book } of instruments) {
      this.#requireNewer('quote', symbol, quote?.seq ?? 0, this.state.quoteSeq(symbol) - 1)
      this.#requireNewer('book', symbol, book.seq, this.state.bookSeq(symbol) - 1)
    }
    this.state.reset(instruments)
    this.#advance(id)
  }

  #takeConflated({ event, id, data }: ArrivedFrame): void {
    assert.equal(id, undefined, this.describe(`a conflated ${event} has the id ${id}`))
    assert.ok(data.folded >= 1, this.describe(`a conflated ${event} without a count`))
    const { symbol, seq } = data
    const held = event === 'quote' ? this.state.quoteSeq(symbol) : this.state.bookSeq(symbol)
    const after = this.#ofConnection.get(`${event} ${symbol}`)
    this.#requireNewer(event, symbol, seq, after ?? 0)
    this.#ofConnection.set(`${event} ${symbol}`, seq)
    this.events++
    this.#states.push({ seq, event, text: stateOf(event, data), symbol, folded: data.folded, after })
    if (seq <= held) {
      // Of what waited while a snapshot was sent, the snapshot has the newest. A poll has what happened after the
      // position, and the stream of before was ahead of its last id.
      const isAllowed = seq === held || this.via === 'longPoll'
      assert.ok(isAllowed, this.describe(`${event} ${seq} of ${symbol} after ${held}`))
      this.stale++
    } else if (event === 'quote') this.state.takeQuote(data)
    else this.state.takeBook(data)
  }

  #requireNewer(event: string, symbol: string, seq: number, than: number): void {
    assert.ok(seq > than, this.describe(`${event} ${seq} of ${symbol} after ${than}`))
  }

  #takeUnconflated({ event, id, text, data }: ArrivedFrame): void {
    const { epoch, seq } = this.position!
    assert.equal(id, formatPosition(epoch, data.seq), this.describe(`the id of ${event} ${text}`))
    assert.ok(data.seq > seq, this.describe(`${event} ${id} after ${this.last}`))
    this.position = { epoch, seq: data.seq }
    this.#unconflated.push({ seq: data.seq, event, text })
    this.events++
  }

  #advance(id: string): void {
    const at = parsePosition(id)!
    const before = this.position ?? at
    assert.ok(at.epoch === before.epoch && at.seq >= before.seq, this.describe(`the position ${id} after ${this.last}`))
    this.position = at
  }
}

/** What an event and one that stands for it and others before have in common. */
function stateOf(event: string, data: ArrivedFrame['data']): string {
  const { folded: _, ...state } = data
  if (event !== 'book') return JSON.stringify(state)
  const { seq, ts, time, symbol, checksum } = state
  return JSON.stringify({ seq, ts, time, symbol, checksum })
}
