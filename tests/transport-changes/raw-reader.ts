// A reader of every event, in raw mode, which holds a position and judges what arrives: each event once, in order, as
// the log has it, whatever the transport. Chooses no transport.

import assert from 'node:assert/strict'
import { formatPosition, type Position, parsePosition } from '@papertape/protocol'
import type { ArrivedFrame } from './feed-transports.ts'
import { LogTruth, type StoredLogEvent } from './log-truth.ts'
import type { MarketLook } from './reduced-market.ts'
import { ALL_EVENTS, RoamingReader } from './roaming-reader.ts'

interface ExpectedLook {
  readonly seq: number
  readonly look: MarketLook
}

export class RawReader extends RoamingReader {
  readonly parameters = { events: ALL_EVENTS, mode: 'raw' }
  resets = 0
  evictions = 0
  looks = 0
  readonly #truth: LogTruth
  readonly #from: Position | undefined
  readonly #mayBeBehind: boolean
  /** A reset came, and the snapshot that follows it has not. */
  #isReset = false
  /** The events of the page that the position is in. */
  #lines: StoredLogEvent[] = []
  readonly #pages: Promise<void>[] = []
  #expected: ExpectedLook[] = []

  /**
   * @param from undefined: a snapshot
   * @param mayBeBehind REST is answered by another gateway than the one that the events came from
   */
  constructor(
    name: string,
    truth: LogTruth,
    tickSizes: ReadonlyMap<string, number>,
    from?: Position,
    mayBeBehind = false,
  ) {
    super(name, tickSizes)
    this.#truth = truth
    this.#from = from
    this.#mayBeBehind = mayBeBehind
    this.position = from
  }

  /** What it has seen is forgotten: it reads from where it began. */
  beginAgain(): void {
    this.position = this.#from
    this.#isReset = false
    this.#lines = []
    this.#expected = []
    this.state.clear()
  }

  override take(frame: ArrivedFrame): void {
    super.take(frame)
    if (frame.event === 'lagging') this.evictions++
  }

  override connect(via: string): void {
    super.connect(via)
    this.#isReset = false
  }

  protected override takeOther(frame: ArrivedFrame): void {
    const { event, id, data } = frame
    switch (event) {
      case 'heartbeat':
        assert.equal(data.head, this.position?.seq, this.describe('a heartbeat past what was sent'))
        break
      case 'position':
        assert.equal(id, this.last, this.describe('the last of a poll is not its last event'))
        break
      case 'reset':
        this.#takeReset(data)
        break
      case 'snapshot':
        assert.ok(this.#isReset || this.position === undefined, this.describe('a snapshot in place of events'))
        this.#isReset = false
        this.position = parsePosition(data.id)!
        this.#lines = []
        this.#expected = []
        this.state.reset(data.instruments)
        break
      default:
        this.#takeEvent(frame)
    }
  }

  /** REST has answered with the market at a position: what the events up to there must give. */
  expect(id: string, look: MarketLook): void {
    const at = parsePosition(id)!
    const { seq } = this.position!
    // Another gateway may not have read so far yet.
    if (at.seq < seq && this.#mayBeBehind) return
    assert.ok(at.seq >= seq, this.describe(`REST answered with ${id} after event ${seq} was published`))
    this.#expected.push({ seq: at.seq, look })
    this.#compareLooks()
  }

  /** Until the pages that are complete have been compared with the log. */
  async settle(): Promise<void> {
    await Promise.all(this.#pages.splice(0))
  }

  #takeReset(reset: { reason: string; requested: string; epoch: string; oldest: number }): void {
    const { epoch, seq } = this.position!
    const { reason, requested, oldest } = reset
    const said = this.describe(JSON.stringify(reset))
    assert.deepEqual([reason, requested, reset.epoch], ['expired', this.last, epoch], said)
    assert.ok(seq < oldest - 1, `${said}: the events after it are kept`)
    this.#isReset = true
    this.resets++
  }

  #takeEvent({ event, id, text, data }: ArrivedFrame): void {
    assert.ok(this.position !== undefined && !this.#isReset, this.describe(`${event} before the snapshot`))
    const { epoch, seq } = this.position
    assert.equal(id, formatPosition(epoch, seq + 1), this.describe(`after event ${seq}: ${event} ${text}`))
    assert.equal(data.seq, seq + 1, this.describe(`the seq of ${id}`))
    if (event === 'quote') this.state.takeQuote(data)
    else if (event === 'book') {
      const before = this.state.bookSeq(data.symbol)
      assert.equal(data.prevSeq, before, this.describe(`the prevSeq of book ${id} of ${data.symbol}`))
      this.state.takeBook(data)
    }
    this.events++
    this.position = { epoch, seq: seq + 1 }
    this.#lines.push({ event, text })
    if (seq + 1 === LogTruth.lastOf(seq + 1)) this.#comparePage(epoch, seq + 1)
    if (this.#expected.length > 0) this.#compareLooks()
  }

  #comparePage(epoch: string, to: number): void {
    const own = this.#lines
    this.#lines = []
    const compare = async () => {
      const logged = await this.#truth.page(epoch, LogTruth.firstOf(to))
      const end = logged?.slice(-own.length) ?? own
      for (const [i, line] of own.entries()) {
        if (line.event === end[i]!.event && line.text === end[i]!.text) continue
        assert.deepEqual(line, end[i], `${this.name}: event ${to - own.length + 1 + i} is not the log's`)
      }
    }
    const page = compare()
    // Reported by settle(), which may come later.
    page.catch(() => {})
    this.#pages.push(page)
  }

  #compareLooks(): void {
    const { seq } = this.position!
    const [due, later] = [
      this.#expected.filter(expected => expected.seq <= seq),
      this.#expected.filter(expected => expected.seq > seq),
    ]
    this.#expected = later
    for (const { look } of due) {
      assert.deepEqual(this.state.differences(look), [], this.describe(`REST and the events up to ${seq}`))
      this.looks++
    }
  }
}
