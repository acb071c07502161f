// Decodes binary messages of feed subscriptions into the messages that a text subscription has. Knows the table of the
// connection's last hello, and otherwise nothing of earlier messages. No I/O; for browsers and Node.

import type { Book, LevelChange, Quote, Trade } from '../schemas/feed/events.ts'
import type { Outbound } from '../schemas/outbound.ts'
import { UNITS_PER_CURRENCY } from '../units.ts'
import {
  BINARY_VERSION,
  type BinaryInstrument,
  type BinaryTable,
  BOOK_BYTES,
  CHANGE_BYTES,
  COUNT_BYTES,
  FLAG,
  HEAD_BYTES,
  NO_PRICE,
  QUOTE_BYTES,
  RECORD,
  STAMP_BYTES,
  START_BYTES,
  TEXT_BYTES,
  TRADE_BYTES,
  WHOLE_STAMP_BYTES,
} from './layout.ts'

type DecodedEvent = Outbound<'event'>
type TextEvent = Pick<DecodedEvent, 'id' | 'event' | 'data'>

const utf8 = new TextDecoder()
const U32 = 2 ** 32

/** One for each connection. */
export class BinaryDecoder {
  #epoch = ''
  #instruments: readonly BinaryInstrument[] = []
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** Where the next record begins. */
  #at = 0
  #subscription = ''
  /** The last whole stamp. */
  #baseSeq = 0
  #baseTs = 0
  #baseTime = 0
  /** What the event that is read began with. */
  #flags = 0
  #seq = 0
  #ts = 0
  #time = 0

  /**
   * @returns the events of a message, in their order.
   * @throws {RangeError} when it is of another version, is cut off, or has what this version does not know
   */
  decode(message: ArrayBuffer | Uint8Array): DecodedEvent[] {
    const view = ArrayBuffer.isView(message)
      ? new DataView(message.buffer, message.byteOffset, message.byteLength)
      : new DataView(message)
    const version = view.getUint8(0)
    if (version !== BINARY_VERSION) throw new RangeError(`the message has version ${version}, not ${BINARY_VERSION}`)
    const nameBytes = view.getUint8(1)
    let name = ''
    for (let at = HEAD_BYTES; at < HEAD_BYTES + nameBytes; at++) name += String.fromCharCode(view.getUint8(at))
    this.#view = view
    this.#subscription = name
    this.#at = HEAD_BYTES + nameBytes
    const events: DecodedEvent[] = []
    while (this.#at < view.byteLength) {
      const event = this.#readRecord()
      if (event !== undefined) events.push(event)
    }
    return events
  }

  #readRecord(): DecodedEvent | undefined {
    const kind = this.#view.getUint8(this.#at)
    switch (kind) {
      case RECORD.quote:
        return this.#readQuote()
      case RECORD.trade:
        return this.#readTrade()
      case RECORD.book:
        return this.#readBook()
      case RECORD.table:
        this.#readTable()
        return undefined
      case RECORD.json:
        return { type: 'event', subscription: this.#subscription, ...(this.#readJson() as TextEvent) } as DecodedEvent
      default:
        throw new RangeError(`there is no record ${kind}`)
    }
  }

  #readTable(): void {
    const { epoch, instruments } = this.#readJson() as BinaryTable
    this.#epoch = epoch
    this.#instruments = instruments
  }

  #readJson(): unknown {
    const { buffer, byteOffset, byteLength } = this.#view
    const start = this.#at + TEXT_BYTES
    const length = this.#view.getUint32(this.#at + 1, true)
    this.#at = start + length
    if (this.#at > byteLength) throw new RangeError('the message is cut off')
    return JSON.parse(utf8.decode(new Uint8Array(buffer, byteOffset + start, length)))
  }

  /** Leaves `#at` after the stamp. */
  #readStart(): BinaryInstrument {
    const view = this.#view
    const flags = view.getUint8(this.#at + 1)
    const number = view.getUint16(this.#at + 2, true)
    const at = this.#at + START_BYTES
    this.#flags = flags
    if (flags & FLAG.wholeStamp) {
      this.#seq = this.#baseSeq = view.getUint32(at, true) + view.getUint16(at + 4, true) * U32
      this.#time = this.#baseTime = view.getUint32(at + 6, true) + view.getUint16(at + 10, true) * U32
      // Exact up to 2^53, which the encoder does not pass.
      this.#ts = this.#baseTs = view.getUint32(at + 12, true) + view.getUint32(at + 16, true) * U32
      this.#at = at + WHOLE_STAMP_BYTES
    } else {
      this.#seq = this.#baseSeq + view.getUint16(at, true)
      this.#time = this.#baseTime + view.getUint16(at + 2, true)
      this.#ts = this.#baseTs + view.getUint32(at + 4, true)
      this.#at = at + STAMP_BYTES
    }
    const instrument = this.#instruments[number]
    if (instrument === undefined) throw new RangeError(`no table names the symbol ${number}`)
    return instrument
  }

  #readQuote(): DecodedEvent {
    const instrument = this.#readStart()
    const view = this.#view
    const at = this.#at
    const { symbol, lotSize } = instrument
    const data: Quote = {
      seq: this.#seq,
      ts: this.#ts,
      time: this.#time,
      symbol,
      bid: priceOrNull(instrument, view.getInt32(at, true)),
      bidSize: view.getUint32(at + 8, true) * lotSize,
      ask: priceOrNull(instrument, view.getInt32(at + 4, true)),
      askSize: view.getUint32(at + 12, true) * lotSize,
    }
    this.#at = at + QUOTE_BYTES
    if (this.#flags & FLAG.folded) data.folded = this.#readCount()
    return this.#flags & FLAG.id
      ? { type: 'event', subscription: this.#subscription, id: this.#id, event: 'quote', data }
      : { type: 'event', subscription: this.#subscription, event: 'quote', data }
  }

  #readTrade(): DecodedEvent {
    const instrument = this.#readStart()
    const view = this.#view
    const at = this.#at
    const flags = this.#flags
    const data: Trade = {
      seq: this.#seq,
      ts: this.#ts,
      time: this.#time,
      symbol: instrument.symbol,
      tradeId: view.getUint32(at, true),
      price: priceOf(instrument, view.getInt32(at + 4, true)),
      size: view.getUint32(at + 8, true) * instrument.lotSize,
      aggressor: flags & FLAG.sell ? 'sell' : 'buy',
    }
    if (flags & FLAG.hidden) data.hidden = true
    if (flags & FLAG.auction) data.auction = true
    this.#at = at + TRADE_BYTES
    return flags & FLAG.id
      ? { type: 'event', subscription: this.#subscription, id: this.#id, event: 'trade', data }
      : { type: 'event', subscription: this.#subscription, event: 'trade', data }
  }

  #readBook(): DecodedEvent {
    const instrument = this.#readStart()
    const view = this.#view
    const at = this.#at
    const data: Book = {
      seq: this.#seq,
      ts: this.#ts,
      time: this.#time,
      symbol: instrument.symbol,
      prevSeq: this.#seq - view.getUint32(at + 4, true),
      changes: this.#readChanges(instrument),
      checksum: view.getUint32(at, true),
    }
    if (this.#flags & FLAG.folded) data.folded = this.#readCount()
    return this.#flags & FLAG.id
      ? { type: 'event', subscription: this.#subscription, id: this.#id, event: 'book', data }
      : { type: 'event', subscription: this.#subscription, event: 'book', data }
  }

  get #id(): string {
    return `${this.#epoch}-${this.#seq}`
  }

  /** Leaves `#at` after the changes. */
  #readChanges(instrument: BinaryInstrument): LevelChange[] {
    const view = this.#view
    const { lotSize } = instrument
    const isWide = (this.#flags & FLAG.wide) !== 0
    const firstTicks = view.getInt32(this.#at + 8, true)
    const count = view.getUint16(this.#at + 12, true)
    const changes: LevelChange[] = []
    let at = this.#at + BOOK_BYTES
    for (let i = 0; i < count; i++) {
      const place = isWide ? view.getInt32(at, true) : view.getInt16(at, true)
      const lots = isWide ? view.getUint32(at + 4, true) : view.getUint16(at + 2, true)
      changes.push([place & 1 ? 'ask' : 'bid', priceOf(instrument, firstTicks + (place >> 1)), lots * lotSize])
      at += isWide ? CHANGE_BYTES.wide : CHANGE_BYTES.narrow
    }
    this.#at = at
    return changes
  }

  #readCount(): number {
    const folded = this.#view.getUint16(this.#at, true)
    this.#at += COUNT_BYTES
    return folded
  }
}

/** The product is exact, and the division correctly rounded: the number that JSON has. */
const priceOf = ({ tickUnits }: BinaryInstrument, ticks: number) => (ticks * tickUnits) / UNITS_PER_CURRENCY

const priceOrNull = (instrument: BinaryInstrument, ticks: number) =>
  ticks === NO_PRICE ? null : priceOf(instrument, ticks)
