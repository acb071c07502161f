// A reader of the binary messages of subscriptions, version 1 of docs/binary.md, written apart from the one in
// protocol. Returns events as a text subscription has them. What cannot be read is an error that says why.

import type { Json } from './answer.ts'

export interface BinaryEvent {
  readonly subscription: string
  readonly id?: string
  readonly event: string
  readonly data: Json
}

const KINDS = ['', 'table', 'json', 'quote', 'trade', 'book']
const FLAGS = { id: 1, whole: 2, folded: 4, sell: 8, hidden: 16, auction: 32, wide: 64 } as const
const NO_PRICE = -(2 ** 31)

/** One for each socket: the table of symbols holds for the connection. */
export class BinaryReader {
  #table: Json = { epoch: '', instruments: [] }

  /** @throws {Error} of what is not as the layout says. */
  read(message: ArrayBuffer): BinaryEvent[] {
    const cursor = new ByteCursor(message)
    const version = cursor.unsigned(1)
    if (version !== 1) throw new Error(`a message of version ${version}`)
    const subscription = cursor.text(cursor.unsigned(1))
    const base = { seq: 0, time: 0, ts: 0 }
    const events: BinaryEvent[] = []
    while (!cursor.isAtEnd) {
      const kind = KINDS[cursor.unsigned(1)]
      if (kind === 'table') this.#table = JSON.parse(cursor.text(cursor.unsigned(4)))
      else if (kind === 'json') events.push({ subscription, ...JSON.parse(cursor.text(cursor.unsigned(4))) })
      else if (kind) events.push({ subscription, ...this.#readEvent(kind, cursor, base) })
      else throw new Error('a record of an unknown kind')
    }
    return events
  }

  /** @param base the last whole stamp of the message. */
  #readEvent(event: string, cursor: ByteCursor, base: Record<'seq' | 'time' | 'ts', number>) {
    const flags = cursor.unsigned(1)
    const has = (name: keyof typeof FLAGS) => (flags & FLAGS[name]) !== 0
    const number = cursor.unsigned(2)
    const instrument = this.#table.instruments[number]
    if (instrument === undefined) throw new Error(`an event of instrument ${number}, which no table has`)
    const [seqBytes, timeBytes, tsBytes] = has('whole') ? [6, 6, 8] : [2, 2, 4]
    const stamp = { seq: cursor.unsigned(seqBytes), time: cursor.unsigned(timeBytes), ts: cursor.unsigned(tsBytes) }
    if (has('whole')) Object.assign(base, stamp)
    else for (const name of ['seq', 'time', 'ts'] as const) stamp[name] += base[name]
    const { symbol, tickUnits, lotSize } = instrument
    const price = (ticks: number) => (ticks === NO_PRICE ? null : (ticks * tickUnits) / 10_000)
    const size = (bytes = 4) => cursor.unsigned(bytes) * lotSize
    const data: Json = { ...stamp, symbol }
    if (event === 'quote') {
      const [bid, ask] = [price(cursor.signed(4)), price(cursor.signed(4))]
      Object.assign(data, { bid, bidSize: size(), ask, askSize: size() })
    } else if (event === 'trade') {
      Object.assign(data, { tradeId: cursor.unsigned(4), price: price(cursor.signed(4)), size: size() })
      data.aggressor = has('sell') ? 'sell' : 'buy'
      for (const name of ['hidden', 'auction'] as const) if (has(name)) data[name] = true
    } else {
      data.checksum = cursor.unsigned(4)
      data.prevSeq = stamp.seq - cursor.unsigned(4)
      const firstTicks = cursor.signed(4)
      const bytes = has('wide') ? 4 : 2
      data.changes = Array.from({ length: cursor.unsigned(2) }, () => {
        const place = cursor.signed(bytes)
        return [place & 1 ? 'ask' : 'bid', price(firstTicks + (place >> 1)), size(bytes)]
      })
    }
    if (event !== 'trade' && has('folded')) data.folded = cursor.unsigned(2)
    return { ...(has('id') && { id: `${this.#table.epoch}-${stamp.seq}` }), event, data }
  }
}

/** Little-endian numbers and text, one after the other. Reading over the end is a RangeError. */
class ByteCursor {
  readonly #view: DataView
  #at = 0

  constructor(message: ArrayBuffer) {
    this.#view = new DataView(message)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#view.byteLength
  }

  unsigned(bytes: number): number {
    let value = 0
    for (let index = 0; index < bytes; index++) value += this.#view.getUint8(this.#at++) * 256 ** index
    return value
  }

  signed(bytes: number): number {
    const value = this.unsigned(bytes)
    return value < 256 ** bytes / 2 ? value : value - 256 ** bytes
  }

  text(bytes: number): string {
    const start = this.#at
    this.#at += bytes
    if (this.#at > this.#view.byteLength) throw new RangeError('a text that is cut off')
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(this.#view.buffer, start, bytes))
  }
}
