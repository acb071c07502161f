// A reader that stays away until its position is no longer kept: on each transport the gap is announced by one reset,
// and after its snapshot every event comes once. No reader goes on in silence.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Instrument } from '@papertape/protocol'
import { call } from '../support/rest.ts'
import { startServer } from '../support/server.ts'
import { FEED_TRANSPORTS, type FeedTransportName, getJson } from './feed-transports.ts'
import { LogTruth } from './log-truth.ts'
import { RawReader } from './raw-reader.ts'

const EVENTS_KEPT = 1_000
const EVENTS_A_VISIT = 300
const AWAY_MAX_MS = 60_000
const VISIT_MAX_MS = 20_000

it('announces each gap with a reset, over every transport', { timeout: 300_000 }, async test => {
  const server = await startServer({ flags: ['--symbols', '6', '--pace', '20x', '--events-kept', String(EVENTS_KEPT)] })
  test.after(() => server.dispose())
  const { url } = server
  const instruments: Instrument[] = (await call(url, 'GET /v1/instruments')).body
  const tickSizes = new Map(instruments.map(({ symbol, tickSize }) => [symbol, tickSize]))
  const reader = new RawReader('reader', new LogTruth(url), tickSizes)

  const visit = async (via: FeedTransportName) => {
    const enough = reader.events + EVENTS_A_VISIT
    reader.connect(via)
    const { parameters, last } = reader
    const take = (frame: Parameters<typeof reader.take>[0]) => {
      reader.take(frame)
      return reader.events >= enough
    }
    const isEnding = () => reader.isLagging
    const { how } = await FEED_TRANSPORTS[via]({ url, parameters, last, take, maxMs: VISIT_MAX_MS, isEnding })
    assert.equal(how, 'enough', via)
  }
  /** Said by the log, of which a reset knows nothing. */
  const untilExpired = async () => {
    const { epoch, seq } = reader.position!
    for (const untilMs = performance.now() + AWAY_MAX_MS; performance.now() < untilMs; await pause(50)) {
      const page = await getJson(`${url}/v1/log/${epoch}/${seq + 1}`)
      if (page?.status === 404 && /oldest event/.test(page.body.detail)) return
    }
    assert.fail(`event ${seq + 1} is still kept after ${AWAY_MAX_MS} ms`)
  }

  await visit('sse')
  for (const [n, via] of (Object.keys(FEED_TRANSPORTS) as FeedTransportName[]).entries()) {
    await untilExpired()
    await visit(via)
    assert.equal(reader.resets, n + 1, `${via} announced the gap once`)
  }
  await reader.settle()
})
