// The event streams over HTTP/1.1: numbers across all lanes in the order in which they are sent.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type net from 'node:net'
import { after, before, describe, it } from 'node:test'
import { createSseParser, LOSS_LAB } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import { createEventStreams } from './event-streams.ts'

describe('event streams', () => {
  const streams = createEventStreams()
  const server = http.createServer(streams.answer)
  let base: string
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`
  })
  after(() => {
    streams.close()
    server.close()
    server.closeAllConnections()
  })

  async function read(lane: number, count: number): Promise<readonly { number: number; lane: number }[]> {
    const abort = new AbortController()
    const response = await fetch(`${base}/stream?lane=${lane}`, { signal: abort.signal })
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    const events: { number: number; lane: number }[] = []
    const parser = createSseParser({ onMessage: ({ data }) => events.push(JSON.parse(data)), onRetry() {} })
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      parser.push(text)
      if (events.length >= count) break
    }
    abort.abort()
    return events
  }

  it('have every sixth number each', async () => {
    const lanes = Array.from({ length: LOSS_LAB.streams }, (_, lane) => lane)
    const all = await within(Promise.all(lanes.map(lane => read(lane, 3))), 'three events of each lane')
    for (const lane of lanes) {
      for (const event of all[lane]!) assert.deepEqual([event.lane, event.number % LOSS_LAB.streams], [lane, lane])
      const [first, second] = all[lane]!
      assert.equal(second!.number - first!.number, LOSS_LAB.streams)
    }
  })

  it('are refused in words for a lane that there is not', async () => {
    for (const path of ['/stream?lane=6', '/stream?lane=a', '/stream', '/other']) {
      const response = await fetch(base + path)
      assert.equal(response.status, 404, path)
      assert.match(await response.text(), /\/stream\?lane=0 to 5/)
    }
  })
})
