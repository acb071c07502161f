// The feed by long poll: `/v1/poll`.

import { PollAnswer } from '@papertape/protocol/schemas'
import { expectEqual, expectMatch, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json } from '../../target/answer.ts'
import { isDurable, keyOf, positionSeq } from '../../target/feed-stream.ts'
import { EVERYTHING_RAW } from './positions.ts'

/** A poll of a subscription in which hardly anything happens. */
const QUIET = 'events=news'

export const LONG_POLL = chapter('Long poll', [
  requirement('poll-first', 'Without a position it answers with a snapshot and no events, at once.', async probe => {
    const startMs = probe.clock.nowMs()
    const answer = await probe.get('/v1/poll?wait=25')
    expectSchema('the answer', PollAnswer, answer)
    expectEqual('last', answer.last, answer.snapshot?.id)
    expectEqual('the events', answer.events, [])
    expectTrue(probe.clock.nowMs() - startMs < 5_000, 'an answer at once')
  }),

  requirement('poll-at-once', 'It answers as soon as there is something.', async probe => {
    const { last } = await probe.get('/v1/poll')
    const startMs = probe.clock.nowMs()
    const answer = await probe.get(`/v1/poll?${EVERYTHING_RAW}&wait=20&last=${last}`)
    expectSchema('the answer', PollAnswer, answer)
    expectTrue(answer.events.length > 0, 'events of a running market', answer)
    expectTrue(probe.clock.nowMs() - startMs < 10_000, 'an answer well before the wait is over')
  }),

  requirement(
    'poll-time-out',
    'It answers an empty list when the wait is over, not before.',
    async probe => {
      let { last } = await probe.get(`/v1/poll?${QUIET}`)
      for (;;) {
        const startMs = probe.clock.nowMs()
        const answer = await probe.get(`/v1/poll?${QUIET}&wait=2&last=${last}`)
        last = answer.last
        // News has come: it says nothing about the wait.
        if (answer.events.length > 0) continue
        expectSchema('the answer', PollAnswer, answer)
        const waitedMs = probe.clock.nowMs() - startMs
        expectTrue(
          waitedMs > 1_800 && waitedMs < 5_000,
          'an empty answer after 2 s',
          `after ${Math.round(waitedMs)} ms`,
        )
        return
      }
    },
    { waitsMs: 2_000 },
  ),

  requirement(
    'poll-wait-most',
    'A wait above 30 s is 30 s.',
    async probe => {
      const { last } = await probe.get(`/v1/poll?${QUIET}`)
      const startMs = probe.clock.nowMs()
      const { events } = await probe.get(`/v1/poll?${QUIET}&wait=600&last=${last}`)
      const waitedMs = probe.clock.nowMs() - startMs
      const isInTime = waitedMs < 33_000 && (events.length > 0 || waitedMs > 29_000)
      expectTrue(isInTime, 'an answer after 30 s', `after ${Math.round(waitedMs)} ms`)
    },
    { waitsMs: 30_000 },
  ),

  requirement('poll-quiet-position', 'A quiet reader does not fall behind: `last` moves on.', async probe => {
    const { last } = await probe.get(`/v1/poll?${QUIET}`)
    const answer = await probe.get(`/v1/poll?${QUIET}&wait=1&last=${last}`)
    expectTrue(positionSeq(answer.last) > positionSeq(last), `last above ${last}`, answer.last)
  }),

  requirement('poll-raw-exact', 'From poll to poll each event of a raw subscription comes once.', async probe => {
    let { last } = await probe.get(`/v1/poll?${EVERYTHING_RAW}`)
    const first = positionSeq(last) + 1
    const seqs: number[] = []
    while (seqs.length < 60) {
      const answer = await probe.get(`/v1/poll?${EVERYTHING_RAW}&wait=5&last=${last}`)
      for (const { id, data } of answer.events) {
        expectEqual('the id of an event', id, `${last.split('-')[0]}-${data.seq}`)
        seqs.push(data.seq)
      }
      last = answer.last
    }
    expectEqual(
      'the numbers from poll to poll',
      seqs,
      seqs.map((_, index) => first + index),
    )
  }),

  requirement('poll-as-stream', 'An event has the same id, name and data as on a stream.', async probe => {
    const stream = await probe.stream(EVERYTHING_RAW)
    const [from] = await stream.frames.count('events', 10, isDurable)
    const { events } = await probe.get(`/v1/poll?${EVERYTHING_RAW}&last=${from!.id}`)
    const [, ...streamed] = await stream.frames.count('events', events.length + 1, isDurable)
    expectEqual(
      'the events of the poll',
      events.map((one: Json) => keyOf({ ...one, text: JSON.stringify(one.data) })),
      streamed.slice(0, events.length).map(keyOf),
    )
  }),

  requirement('poll-conflates', 'Quotes between polls are conflated as on a stream: no id, `folded`.', async probe => {
    let { last } = await probe.get('/v1/poll?events=quote')
    const quotes: Json[] = []
    while (quotes.length < 10) {
      const answer = await probe.get(`/v1/poll?events=quote&maxHz=2&wait=5&last=${last}`)
      const symbols = answer.events.map(({ data }: Json) => data.symbol)
      expectEqual('the symbols of one poll', symbols, [...new Set(symbols)])
      last = answer.last
      quotes.push(...answer.events)
    }
    for (const { id, data } of quotes) {
      expectEqual('the id of a conflated quote', id, undefined)
      expectTrue(data.folded >= 1, '`folded` in a conflated quote', data)
    }
  }),

  requirement('poll-header', 'The position may come as Last-Event-ID.', async probe => {
    const { last } = await probe.get('/v1/poll')
    const { body } = await probe.call(`GET /v1/poll?${EVERYTHING_RAW}`, { headers: { 'last-event-id': last } })
    expectEqual('the first event after the position', body.events?.[0]?.data.seq, positionSeq(last) + 1)
  }),

  requirement('poll-answer-form', 'The answer is JSON that no cache keeps; a bad wait is a 400.', async probe => {
    const answer = expectStatus(await probe.call('GET /v1/poll'), 200)
    expectMatch('the media type', answer.headers.get('content-type'), /^application\/json/)
    expectMatch('cache-control', answer.headers.get('cache-control'), /no-store/)
    expectProblem(await probe.call('GET /v1/poll?wait=soon'), 400)
  }),
])
