// What the decoder returns is what JSON has, for any frames; the bytes are those of the layout.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { toPrice } from '../instruments.ts'
import type { Outbound } from '../schemas/outbound.ts'
import { holds } from '../testing/seeded-property.ts'
import { BinaryDecoder } from './decoder.ts'
import { BinaryEncoder, binaryHead, type EncodedFrame } from './encoder.ts'
import { type BinaryTable, MESSAGE_BYTES } from './layout.ts'

const TABLE: BinaryTable = {
  epoch: 'k3f9',
  instruments: [
    { symbol: 'PPR', tickUnits: 100, lotSize: 1 },
    { symbol: 'TAPE', tickUnits: 50, lotSize: 100 },
    { symbol: 'PENNY', tickUnits: 1, lotSize: 1 },
  ],
}
const HELLO: EncodedFrame = { event: 'hello', data: '{"epoch":"k3f9"}' }

const frame = (event: string, data: object, id?: string): EncodedFrame => ({
  ...(id !== undefined && { id }),
  event,
  data: JSON.stringify(data),
})

function messagesOf(frames: readonly EncodedFrame[], subscription = 'tape'): Uint8Array[] {
  const head = binaryHead(subscription)
  return new BinaryEncoder(TABLE).encode(frames).map(body => Uint8Array.from([...head, ...body]))
}

/** As a text subscription has them. */
const textOf = (frames: readonly EncodedFrame[], subscription = 'tape') =>
  frames.map(({ data, ...fields }) => ({ type: 'event', subscription, ...fields, data: JSON.parse(data) as object }))

/** After a hello of an earlier message, which has the table. */
function decode(messages: readonly Uint8Array[]): Outbound<'event'>[] {
  const decoder = new BinaryDecoder()
  for (const message of messagesOf([HELLO])) decoder.decode(message)
  return messages.flatMap(message => decoder.decode(message))
}

/** With the order of the fields. */
const assertSame = (frames: readonly EncodedFrame[], messages = messagesOf(frames)) =>
  assert.equal(JSON.stringify(decode(messages)), JSON.stringify(textOf(frames)))

describe('any frames', () => {
  const spec = (number: number) => ({
    ...TABLE.instruments[number]!,
    name: '',
    priceTicksMax: 2 ** 30,
    previousCloseTicks: 1,
  })
  // An event that has one rare value among its fields is JSON: most events should have none.
  const rarely = <T, U>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>) =>
    fc.oneof({ arbitrary: usual, weight: 40 }, { arbitrary: rare, weight: 1 })
  const near = fc.integer({ min: 1, max: 1_000 })
  const ticks = rarely(fc.oneof(near, fc.integer({ min: 1, max: 2 ** 30 })), fc.integer())
  const lots = rarely(fc.oneof(fc.nat(1_000), fc.nat(100_000)), fc.integer({ min: 0, max: 2 ** 33 }))
  const offGrid = fc.constantFrom(0.123_45, 1e300, 1e-7, 5.000_1)
  const folded = fc.option(rarely(near, fc.integer({ min: 1, max: 2 ** 33 })), { nil: undefined })
  const instrument = fc.integer({ min: 0, max: 2 })

  const events = instrument.chain(number => {
    const { symbol, lotSize } = spec(number)
    const price = rarely(
      ticks.map(value => toPrice(spec(number), value)),
      offGrid,
    )
    const size = rarely(
      lots.map(value => value * lotSize),
      fc.integer({ min: 0, max: 999 }),
    )
    const stamp = {
      seq: rarely(fc.integer({ min: 1, max: 200_000 }), fc.maxSafeNat()),
      ts: rarely(fc.integer({ min: 1e15, max: 1e15 + 1e10 }), fc.maxSafeNat()),
      time: rarely(fc.integer({ min: 1e12, max: 1e12 + 1e5 }), fc.maxSafeNat()),
      symbol: rarely(fc.constant(symbol), fc.constant('OTHER')),
    }
    const orNull = fc.option(price)
    const quote = fc.record({ ...stamp, bid: orNull, bidSize: size, ask: orNull, askSize: size, folded })
    const trade = fc.record({
      ...stamp,
      tradeId: rarely(fc.integer({ min: 1, max: 9_999 }), fc.maxSafeNat()),
      price,
      size,
      aggressor: fc.constantFrom('buy', 'sell'),
      hidden: fc.constantFrom(true, undefined),
      auction: fc.constantFrom(true, undefined),
    })
    const change = fc.tuple(fc.constantFrom('bid', 'ask'), price, size)
    const book = fc.record({
      ...stamp,
      prevSeq: rarely(fc.integer({ min: 0, max: 10 }), fc.integer({ min: -5, max: 300_000 })),
      changes: fc.array(change, { maxLength: 12 }),
      checksum: fc.integer({ min: 0, max: 0xffff_ffff }),
      folded,
    })
    const unknown = fc.record({ ...stamp, bid: orNull, bidSize: size, ask: orNull, askSize: size, later: size })
    return fc.oneof(
      quote.map(data => ['quote', data] as const),
      trade.map(data => ['trade', data] as const),
      book.map(data => ['book', { ...data, prevSeq: data.seq - data.prevSeq }] as const),
      unknown.map(data => ['quote', data] as const),
      fc.record({ ...stamp, headline: fc.string({ unit: 'grapheme' }) }).map(data => ['news', data] as const),
      fc.record({ head: fc.nat(), serverTime: fc.maxSafeNat() }).map(data => ['heartbeat', data] as const),
    )
  })
  const frames = fc.array(
    fc.tuple(events, rarely(fc.constantFrom('own', 'none'), fc.constant('other'))).map(([[event, data], id]) => {
      const { seq = 1 } = data as { seq?: number }
      const ids = { own: `k3f9-${seq}`, none: undefined, other: 'zzzz-7' }
      return frame(event, data, ids[id as keyof typeof ids])
    }),
    { maxLength: 300 },
  )

  test('come out as JSON has them, in their order', () => {
    holds(
      import.meta.filename,
      fc.property(frames, sent => assertSame(sent)),
      300,
    )
  })
})

describe('a message', () => {
  const quote = (seq: number, fields: object = {}) => {
    const stamp = { seq, ts: 1_767_605_400_250_000 + seq, time: 1_767_605_400_250 }
    return { ...stamp, symbol: 'TAPE', bid: 184.33, bidSize: 100, ask: 184.34, askSize: 200, ...fields }
  }

  test('has 28 bytes for a quote, 24 for a trade, 30 for a book with a changed level, 12 more for the first', () => {
    const { seq, ts, time, symbol } = quote(1)
    const trade = { seq, ts, time, symbol, tradeId: 1, price: 5, size: 100, aggressor: 'sell' }
    const book = { seq, ts, time, symbol, prevSeq: 0, changes: [['ask', 5, 0]], checksum: 7 }
    const length = (...frames: EncodedFrame[]) => messagesOf(frames)[0]!.length
    const head = binaryHead('tape').length
    assert.equal(length(frame('quote', quote(1))) - head, 40)
    assert.equal(length(frame('trade', trade)) - head, 36)
    assert.equal(length(frame('book', book)) - head, 42)
    assert.equal(length(frame('quote', quote(1)), frame('quote', quote(2))) - head, 40 + 28)
  })

  test('ends soon after 16 KiB, and the next one can be read by itself', () => {
    const frames = Array.from({ length: 2_000 }, (_, index) => frame('quote', quote(index + 1)))
    const messages = messagesOf(frames)
    assert.ok(messages.length > 1)
    for (const { length } of messages) assert.ok(length < MESSAGE_BYTES + 100, `${length} bytes`)
    assertSame(frames, messages)
    const last = decode(messages.slice(-1)).at(-1)!.data
    assert.deepEqual(last, quote(2_000))
  })

  test('longer than the buffer is whole: a snapshot', () => {
    const snapshot = frame('snapshot', { id: 'k3f9-1', instruments: ['x'.repeat(200_000)] }, 'k3f9-1')
    assertSame([frame('quote', quote(1)), snapshot, frame('quote', quote(2))])
  })

  test('has another whole stamp where an event is too far from the last one, also before it', () => {
    const far = [quote(1), quote(70_000), quote(5), quote(6, { ts: 9 }), quote(7, { time: 1 })]
    assertSame(far.map(data => frame('quote', data)))
  })

  test('of another version, or cut off anywhere, is refused', () => {
    const [message] = messagesOf([frame('quote', quote(1)), frame('news', { headline: 'x' })])
    assert.throws(() => decode([Uint8Array.from([2, ...message!.subarray(1)])]), /version 2/)
    const head = binaryHead('tape').length
    for (let length = 0; length < message!.length; length++) {
      // Between records it is a shorter message.
      if (length === head || length === head + 40) continue
      assert.throws(() => decode([message!.subarray(0, length)]), RangeError, `${length} bytes`)
    }
  })

  test('before its table, or with a record that does not exist, is refused', () => {
    const [message] = messagesOf([frame('quote', quote(1))])
    assert.throws(() => new BinaryDecoder().decode(message!), /no table names the symbol 1/)
    assert.throws(() => decode([Uint8Array.from([...binaryHead('a'), 99])]), /no record 99/)
  })
})
