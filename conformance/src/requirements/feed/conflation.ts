// Conflation: what may be merged, how often it is sent, and that it is never wrong.

import { expectEqual, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { type FeedFrame, isDurable, keyOf, positionSeq } from '../../target/feed-stream.ts'
import type { Probe } from '../../target/probe.ts'

const SLOW_HZ = 2

/** A conflated reader of quotes at a low rate, and a raw one that has everything of the same time. */
async function slowAndRaw(probe: Probe, quotes: number) {
  const raw = await probe.stream('mode=raw&events=quote')
  const rawFrom = positionSeq((await raw.frames.first('snapshot')).id)
  const slow = await probe.stream(`events=quote&maxHz=${SLOW_HZ}`)
  const conflated = await slow.frames.count('quotes', quotes, isDurable)
  const newest = Math.max(...conflated.map(({ data }) => data.seq))
  await raw.frames.until('the same quotes in raw mode', ({ id }) => positionSeq(id) >= newest)
  return { conflated, raw: raw.frames.durable, rawFrom }
}

function bySymbol(frames: readonly FeedFrame[]): Map<string, FeedFrame[]> {
  return Map.groupBy(frames, ({ data }) => data.symbol)
}

export const CONFLATION = chapter('Conflation', [
  requirement('conflated-no-id', 'A conflated frame carries no id; its `seq` is that of the newest.', async probe => {
    const stream = await probe.stream('events=quote,book&maxHz=5')
    for (const { event, id, data } of await stream.frames.count('events', 60, isDurable)) {
      expectEqual(`the id of a conflated ${event}`, id, undefined)
      expectTrue(Number.isInteger(data.seq), 'a seq', data)
    }
  }),

  requirement(
    'conflated-newest',
    'A conflated quote is the newest one: that of raw mode with the same seq.',
    async probe => {
      const { conflated, raw, rawFrom } = await slowAndRaw(probe, 20)
      const bySeq = new Map(raw.map(({ data }) => [data.seq, data]))
      for (const { data } of conflated) {
        const { folded: _, ...quote } = data
        // One that waited when the raw reader came is not among the raw ones.
        if (quote.seq <= rawFrom) continue
        expectEqual(`the quote ${quote.seq}`, quote, bySeq.get(quote.seq))
      }
    },
  ),

  requirement('conflated-count', '`folded` is how many events a conflated one stands for.', async probe => {
    const { conflated, raw, rawFrom } = await slowAndRaw(probe, 60)
    const rawBySymbol = bySymbol(raw)
    let checked = 0
    for (const [symbol, quotes] of bySymbol(conflated)) {
      for (const [index, { data }] of quotes.entries()) {
        const before = quotes[index - 1]?.data.seq
        // What the first stands for may have come before the raw reader.
        if (before === undefined || before <= rawFrom) continue
        const merged = rawBySymbol.get(symbol)?.filter(one => one.data.seq > before && one.data.seq <= data.seq)
        expectEqual(`how many quotes of ${symbol} ${data.seq} stands for`, data.folded, merged?.length)
        checked++
      }
    }
    expectTrue(checked > 0, 'two conflated quotes of one symbol')
  }),

  requirement(
    'conflated-rate',
    'A quote is sent at most maxHz times a second, by symbol.',
    async probe => {
      const stream = await probe.stream(`events=quote&maxHz=${SLOW_HZ}`)
      await stream.frames.first('quote')
      const startMs = probe.clock.nowMs()
      const from = stream.frames.items.length
      await probe.sleep(4_000)
      const seconds = (probe.clock.nowMs() - startMs) / 1_000
      const sent = bySymbol(stream.frames.items.slice(from).filter(isDurable))
      expectTrue(sent.size > 0, 'quotes within four seconds')
      for (const [symbol, { length }] of sent) {
        // One more may come at each end of the time.
        expectTrue(length <= seconds * SLOW_HZ + 2, `at most ${SLOW_HZ} quotes of ${symbol} a second`, length)
      }
    },
    { waitsMs: 4_000 },
  ),

  requirement('unconflated-ids', 'What is never conflated carries its id, and leaves in order.', async probe => {
    const stream = await probe.stream('events=quote,trade&maxHz=1')
    const { data: hello } = await stream.frames.first('hello')
    const trades = await stream.frames.count('trades', 5, ({ event }) => event === 'trade')
    for (const { id, data } of trades) expectEqual('the id of a trade', id, `${hello.epoch}-${data.seq}`)
    const seqs = trades.map(({ data }) => data.seq)
    expectEqual(
      'the order of the trades',
      seqs,
      [...new Set(seqs)].sort((a, b) => a - b),
    )
  }),

  requirement('unconflated-at-once', 'What is never conflated leaves at once, whatever the rate.', async probe => {
    const slow = await probe.stream('events=quote,trade&maxHz=0.1')
    await slow.frames.first('snapshot')
    const raw = await probe.stream('mode=raw&events=trade')
    const from = positionSeq((await raw.frames.first('snapshot')).id)
    const trades = await raw.frames.count('trades', 5, isDurable)
    const delaysMs: number[] = []
    for (const trade of trades) {
      const same = await slow.frames.until('the trade', one => one.id === trade.id)
      delaysMs.push(same.atMs - trade.atMs)
    }
    delaysMs.sort((a, b) => a - b)
    expectTrue(delaysMs[2]! < 1_000, 'trades as soon as in raw mode', `${Math.round(delaysMs[2]!)} ms later`)
    const newest = trades.at(-1)!.data.seq
    const isSame = ({ event, data }: FeedFrame) => event === 'trade' && data.seq > from && data.seq <= newest
    expectEqual(
      'the trades of the slow reader',
      slow.frames.items.filter(isSame).map(keyOf),
      raw.frames.items.filter(isSame).map(keyOf),
    )
  }),
])
