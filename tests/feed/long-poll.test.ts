// The feed over long poll, as the contract specifies it.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type RunningServer, startServer } from '../support/server.ts'
import { get } from '../support/stream.ts'

describe('/v1/poll', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--pace', '10x'] })
  })
  after(() => server.dispose())
  const poll = async (query: string) => (await get(`${server.url}/v1/poll${query}`)).body

  it('answers at once with a snapshot when no position is given', async () => {
    const { last, snapshot, events } = await poll('')
    assert.equal(last, snapshot.id)
    assert.ok(snapshot.instruments.length > 0)
    assert.deepEqual(events, [])
  })

  it('carries every event of a raw subscription exactly once from poll to poll', async () => {
    let { last } = await poll('?mode=raw&events=trade,quote,book,candle,status,news')
    const from = Number(last.split('-')[1])
    const seqs: number[] = []
    while (seqs.length < 200) {
      const answer = await poll(`?mode=raw&events=trade,quote,book,candle,status,news&last=${last}&wait=5`)
      for (const { id, data } of answer.events) {
        assert.equal(id, `${last.split('-')[0]}-${data.seq}`)
        seqs.push(data.seq)
      }
      last = answer.last
    }
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => from + 1 + index),
    )
  })

  it('conflates quotes between polls and keeps each trade', async () => {
    const { last } = await poll('?events=trade,quote')
    const { events } = await poll(`?events=trade,quote&maxHz=1&last=${last}&wait=3`)
    const quotes = events.filter(({ event }: { event: string }) => event === 'quote')
    for (const { id, data } of quotes) {
      assert.equal(id, undefined)
      assert.ok(data.folded >= 1)
    }
    const symbols = quotes.map(({ data }: { data: { symbol: string } }) => data.symbol)
    assert.equal(new Set(symbols).size, symbols.length, 'one quote a symbol')
    for (const { event, id } of events) if (event === 'trade') assert.match(id, /-\d+$/)
  })

  it('answers an empty list on time-out, with a position that has moved on', async () => {
    const { last } = await poll('?events=news')
    const answer = await poll(`?events=news&last=${last}&wait=0.3`)
    assert.deepEqual(answer.events, [])
    assert.ok(Number(answer.last.split('-')[1]) >= Number(last.split('-')[1]))
  })

  it('answers a position that it cannot serve with a reset and a snapshot', async () => {
    const { reset, snapshot, last } = await poll('?last=zzzz-7&wait=5')
    assert.equal(reset.reason, 'epoch')
    assert.equal(reset.requested, 'zzzz-7')
    assert.equal(snapshot.id, last)
  })

  it('refuses an invalid wait', async () => {
    const { status, body } = await get(`${server.url}/v1/poll?wait=long`)
    assert.deepEqual([status, body.code], [400, 'bad-parameter'])
  })
})
