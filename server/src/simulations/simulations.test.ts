// Simulations over real HTTP, in real threads: what is asked for, what runs when, how it is followed, what comes out.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { createSseParser, type SseMessage } from '@papertape/protocol'
import type { SimulationAnswer, SimulationSummary } from '@papertape/protocol/schemas'
import { SimulationAnswer as SimulationAnswerSchema } from '@papertape/protocol/schemas'
import { assertMatches } from '@papertape/protocol/testing/messages'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

/** `papertape-sim run --preset large-tick --symbols 1 --seed 7 --duration 2m --scenario news-jump+1m` prints it. */
const SHA256 = '27a1acff2ce314acf0f641d3a7a4ed4e270b6e3e7f9c4674a323f2d33b14edc2'
const SMALL = { preset: 'large-tick', symbols: 1, seed: 7, duration: '2m', scenario: 'news-jump+1m' }
/** Some seconds of work: it is canceled long before its end. */
const LARGE = { preset: 'small-tick', symbols: 8, duration: '6.5h' }
const WAIT_MS = 60_000

interface FollowOptions {
  /** The id of the last event that the reader has. */
  readonly after?: string
  readonly until?: (message: SseMessage) => boolean
}

describe('simulations', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await openTestServer()
  })
  afterEach(() => server.close())

  const fetchFrom = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}/v1/simulations${path}`, { signal: AbortSignal.timeout(WAIT_MS), ...init })
  const post = (body: object, headers: Record<string, string> = {}) =>
    fetchFrom('', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const added = async (body: object) => {
    const answer = await post(body)
    assert.equal(answer.status, 201)
    return (await answer.json()) as SimulationSummary
  }
  const stateOf = async (id: string) => ((await (await fetchFrom(`/${id}`)).json()) as SimulationSummary).state
  const cancel = async (id: string) =>
    (await (await fetchFrom(`/${id}`, { method: 'DELETE' })).json()) as SimulationSummary

  /** The events of a stream until it ends, or until one matches. */
  async function follow(id: string, { after = '', until }: FollowOptions = {}): Promise<SseMessage[]> {
    const abort = new AbortController()
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(WAIT_MS)])
    const answer = await fetchFrom(`/${id}/stream`, { signal, headers: after === '' ? {} : { 'last-event-id': after } })
    assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    const messages: SseMessage[] = []
    const parser = createSseParser({ onMessage: message => messages.push(message) })
    for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
      parser.push(text)
      if (until !== undefined && messages.some(until)) break
    }
    abort.abort()
    return messages
  }
  const startOf = (id: string) => follow(id, { until: ({ event }) => event === 'progress' })

  test('the same seed gives the tape of papertape-sim run, and a report', async () => {
    const { id } = await added(SMALL)
    const messages = await follow(id)
    const done = JSON.parse(messages.at(-1)!.data)
    assert.deepEqual([messages.at(-1)!.event, done.sha256], ['done', SHA256])

    const download = await fetchFrom(`/${id}/tape`)
    assert.equal(download.headers.get('content-disposition'), 'attachment; filename="papertape-seed-7.tape.gz"')
    const tape = gunzipSync(Buffer.from(await download.arrayBuffer()))
    assert.equal(createHash('sha256').update(tape).digest('hex'), SHA256)
    assert.equal(tape.length, done.bytes)

    const answer = (await (await fetchFrom(`/${id}`)).json()) as SimulationAnswer
    assertMatches(SimulationAnswerSchema, answer, 'the answer')
    assert.deepEqual([answer.state, answer.result, answer.progress!.fraction], ['done', done, 1])
    assert.ok(answer.report!.facts.length > 30 && answer.report!.plots.length > 10)
    assert.equal(answer.report!.judgedAs, 'large-tick')
  })

  test('progress grows to the end, with a rate; the log says what happens', async () => {
    const { id } = await added(SMALL)
    const messages = await follow(id)
    const progress = messages.filter(({ event }) => event === 'progress').map(({ data }) => JSON.parse(data))
    const fractions = progress.map(({ fraction }) => fraction)
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    )
    assert.equal(fractions.at(-1), 1)
    assert.ok(progress.every(({ rate, simulatedMs }) => rate > 0 && simulatedMs > 0))
    const log = messages.filter(({ event }) => event === 'log').map(({ data }) => JSON.parse(data).text)
    assert.deepEqual(log, [
      'running: seed 7, large-tick, VELTR',
      '09:31:00: news-jump begins',
      '09:32:00: the run ends; measuring its facts',
    ])
    const ids = messages.map(({ lastEventId }) => Number(lastEventId))
    assert.ok(ids.every((number, i) => i === 0 || number > ids[i - 1]!))
  })

  test('a reader goes on after the event that it has, and is sent away when there is none after it', async () => {
    const { id } = await added(SMALL)
    const messages = await follow(id)
    const [first, last] = [messages[0]!, messages.at(-1)!]
    const later = await follow(id, { after: first.lastEventId })
    assert.ok(later.every(({ lastEventId }) => Number(lastEventId) > Number(first.lastEventId)))
    assert.deepEqual(later.at(-1), last)
    const nothing = await fetchFrom(`/${id}/stream`, { headers: { 'last-event-id': last.lastEventId } })
    assert.equal(nothing.status, 204)
  })

  test('two run at once, a third waits; one that is canceled makes room', async () => {
    const [first, second, third] = [await added(LARGE), await added(LARGE), await added(SMALL)]
    assert.deepEqual([first.state, second.state, third.state], ['running', 'running', 'queued'])
    await Promise.all([startOf(first.id), startOf(second.id)])
    assert.equal(await stateOf(third.id), 'queued')
    assert.equal((await cancel(first.id)).state, 'canceled')
    const events = (await follow(third.id)).map(({ event }) => event)
    assert.deepEqual([events[0], events.at(-1)], ['log', 'done'])
    assert.equal(await stateOf(second.id), 'running')
    assert.equal((await follow(first.id)).at(-1)!.event, 'canceled')
    assert.equal((await fetchFrom(`/${first.id}/tape`)).status, 404)
  })

  test('only so many may wait', async () => {
    for (let count = 0; count < 10; count++) await added(LARGE)
    const refused = await post(SMALL)
    const problem = (await refused.json()) as { code: string; detail: string }
    assert.deepEqual([refused.status, problem.code], [429, 'too-many-simulations'])
    assert.equal(problem.detail, '2 simulations run and 8 wait; cancel one, or ask again when one has ended')
    const { simulations } = (await (await fetchFrom('')).json()) as { simulations: SimulationSummary[] }
    assert.deepEqual(
      simulations.map(({ state }) => state),
      [...Array.from({ length: 8 }, () => 'queued'), 'running', 'running'],
    )
  })

  test('an address may not ask for one after the other', async () => {
    for (let count = 0; count < 12; count++) await cancel((await added(LARGE)).id)
    const refused = await post(SMALL)
    const { code } = (await refused.json()) as { code: string }
    assert.deepEqual([refused.status, code, refused.headers.get('retry-after')], [429, 'rate-limited', '2'])
  })

  test('what cannot be simulated is answered in words', async () => {
    const answers = [{ scenario: 'boom' }, { duration: '1d' }, { seed: -1 }, { length: '1h' }].map(async body => {
      const answer = await post(body)
      return [answer.status, ((await answer.json()) as { detail: string }).detail] as const
    })
    const [scenario, duration, seed, field] = await Promise.all(answers)
    assert.deepEqual([scenario![0], duration![0], seed![0], field![0]], [400, 400, 400, 400])
    assert.match(scenario![1], /the scenarios are calm-day, .*, feed-burst/)
    assert.match(duration![1], /6\.5 hours, a trading day, at most/)
    assert.match(seed![1], /seed must be >= 0/)
    assert.match(field![1], /unknown field length; .*preset, scenario, seed, duration, symbols/)
  })

  test('a page of another origin can start none', async () => {
    const answer = await post(SMALL, { origin: 'https://elsewhere.example' })
    assert.equal(answer.status, 403)
  })

  test('one that is not there is answered in words', async () => {
    for (const path of ['/sim-99', '/sim-99/stream', '/sim-99/tape']) {
      const answer = await fetchFrom(path)
      assert.equal(answer.status, 404)
      assert.match(
        ((await answer.json()) as { detail: string }).detail,
        /no simulation sim-99: only the last 20 are kept/,
      )
    }
  })

  test('the service ends while one runs and another waits', async () => {
    const [first] = [await added(LARGE), await added(LARGE), await added(SMALL)]
    await startOf(first!.id)
    const { promise: isFollowed, resolve: onMessage } = Promise.withResolvers<void>()
    const following = follow(first!.id, {
      until() {
        onMessage()
        return false
      },
    })
    await Promise.race([isFollowed, following])
    await server.app.close()
    assert.equal((await following).at(-1)!.event, 'canceled')
  })
})
