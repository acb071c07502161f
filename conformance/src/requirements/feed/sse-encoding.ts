// How the stream is written: the head of the response, and the bytes of text/event-stream.

import { CONTROL_EVENT_SCHEMAS, FEED_EVENT_SCHEMAS } from '@papertape/protocol/schemas'
import { expectEqual, expectMatch, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { isDurable } from '../../target/feed-stream.ts'
import { EVERYTHING_RAW } from './positions.ts'

const EVENT_SCHEMAS = { ...FEED_EVENT_SCHEMAS, ...CONTROL_EVENT_SCHEMAS }

export const SSE_ENCODING = chapter('Stream encoding', [
  requirement('sse-content-type', 'A stream is text/event-stream; charset=utf-8.', async probe => {
    const { response } = await probe.stream()
    expectEqual('content-type', response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  }),

  requirement('sse-no-cache', 'No cache keeps and no proxy transforms or buffers a stream.', async probe => {
    const { response } = await probe.stream()
    expectEqual('cache-control', response.headers.get('cache-control'), 'no-store, no-transform')
    expectEqual('x-accel-buffering', response.headers.get('x-accel-buffering'), 'no')
    expectEqual('content-encoding', response.headers.get('content-encoding'), null)
  }),

  requirement('sse-retry-first', 'The first frame sets `retry`.', async probe => {
    const stream = await probe.stream()
    await stream.frames.first('hello')
    expectEqual('the number of events before retry', stream.retries[0]?.afterEvents, 0)
    expectTrue(stream.retries[0]!.ms > 0, 'a retry time above 0')
  }),

  requirement('sse-retry-drawn', '`retry` is drawn per connection.', async probe => {
    const drawn = new Set<number>()
    for (let connection = 0; connection < 8; connection++) {
      const stream = await probe.stream('events=news')
      await stream.frames.first('hello')
      for (const { ms } of stream.retries) drawn.add(ms)
      stream.close()
    }
    expectTrue(drawn.size > 1, 'different retry times of eight connections', [...drawn])
  }),

  requirement('sse-bytes', 'The bytes are UTF-8 with LF, without a byte order mark or unknown fields.', async probe => {
    const stream = await probe.stream(EVERYTHING_RAW)
    await stream.frames.count('events', 100, isDurable)
    expectEqual('what is wrong with the bytes', stream.faults, [])
  }),

  requirement('sse-names', 'Each frame names its event; its data is one line of JSON.', async probe => {
    const stream = await probe.stream(EVERYTHING_RAW)
    await stream.frames.count('events', 100, isDurable)
    for (const { event, text } of stream.frames.items) {
      expectTrue(event in EVENT_SCHEMAS, 'an event of the contract', event)
      expectTrue(!text.includes('\n'), 'data of one line', text)
    }
  }),

  requirement('sse-schemas', 'The data of each event is as its schema says.', async probe => {
    const stream = await probe.stream(EVERYTHING_RAW)
    await stream.frames.count('events', 150, isDurable)
    for (const { event, data } of stream.frames.items) {
      expectSchema(event, EVENT_SCHEMAS[event as keyof typeof EVENT_SCHEMAS], data)
    }
  }),

  requirement(
    'sse-units',
    '`ts` is the wall clock in microseconds, `time` milliseconds, `seq` a number.',
    async probe => {
      const stream = await probe.stream(EVERYTHING_RAW)
      const { data: hello } = await stream.frames.first('hello')
      for (const { data } of await stream.frames.count('events', 20, isDurable)) {
        const ageMs = Math.abs(data.ts / 1_000 - hello.serverTime)
        expectTrue(ageMs < 60_000, 'ts near the serverTime of hello, in microseconds', data)
        expectTrue(Number.isSafeInteger(data.time) && data.time < 1e14, 'time in milliseconds since 1970', data)
      }
    },
  ),

  requirement('sse-head', 'HEAD has the same head and no body.', async probe => {
    const { status, headers, text } = await probe.call('HEAD /v1/stream')
    expectEqual('the status of HEAD /v1/stream', status, 200)
    expectMatch('content-type', headers.get('content-type'), /^text\/event-stream/)
    expectEqual('the body', text, '')
  }),
])
