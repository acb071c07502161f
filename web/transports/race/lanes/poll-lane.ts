// The lanes that ask again and again: polling on a timer, and long polling. There is no connection that stays, so that
// the page itself aborts, withholds or delays their requests where the server disturbs the other lanes.

import type { PollAnswer } from '@papertape/protocol'
import { requestHeadBytes, responseHeadBytes } from '../../exhibit/byte-cost.ts'
import { createDelivery } from './delivery.ts'
import { type LaneRunner, type LaneSetting, pause, SLOW_3G, subscriptionQuery } from './lane.ts'
import { fetchFields } from './page-fields.ts'

export interface PollTiming {
  /** How long the server may hold a request. */
  readonly waitS: number
  /** From one answer to the next request. */
  readonly intervalMs: number
}

/** After a request that failed. */
const RETRY_MS = 1_000

export function startPollLane(setting: LaneSetting, { waitS, intervalMs }: PollTiming): LaneRunner {
  const { record, baseUrl, protocol, isOwn, nowMs } = setting
  const fields = fetchFields('*/*', isOwn)
  const { host, pathname } = new URL(baseUrl)
  const delivery = createDelivery(setting)
  const stopped = new AbortController()
  let request = new AbortController()
  let stalledUntilMs = 0
  let slowUntilMs = 0
  let isRepeated = false

  async function poll(): Promise<void> {
    const query = subscriptionQuery(setting)
    query.set('wait', String(waitS))
    query.set('last', delivery.position)
    const target = `${pathname}v1/poll?${query}`
    request = new AbortController()
    record.requested(requestHeadBytes(protocol, { method: 'GET', target, host, fields }, isRepeated))
    const signal = AbortSignal.any([request.signal, stopped.signal])
    const response = await fetch(`${baseUrl}v1/poll?${query}`, { cache: 'no-store', credentials: 'omit', signal })
    const text = await response.text()
    if (!response.ok) throw new Error(`The poll was answered with ${response.status}`)
    // Compressed answers are shorter on the way than in the page.
    const bodyBytes = Number(response.headers.get('content-length') ?? new TextEncoder().encode(text).length)
    if (nowMs() < slowUntilMs) await pause(SLOW_3G.latencyMs + (bodyBytes * 1_000) / SLOW_3G.bytesPerSecond, signal)
    signal.throwIfAborted()
    record.received(bodyBytes, responseHeadBytes(protocol, response.status, [...response.headers], isRepeated))
    isRepeated = true
    take(JSON.parse(text) as PollAnswer)
  }

  function take({ last, events, reset }: PollAnswer): void {
    record.opened(nowMs())
    if (reset !== undefined) delivery.deliver({ event: 'reset', data: reset })
    for (const event of events) delivery.deliver(event)
    delivery.moveTo(last)
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const stalledMs = stalledUntilMs - nowMs()
      if (stalledMs > 0) await pause(stalledMs, stopped.signal)
      try {
        await poll()
        await pause(intervalMs, stopped.signal)
      } catch {
        // Aborted by a cut, refused, or without an answer: the lane shows that it is away, and asks again.
        record.lost(nowMs())
        await pause(RETRY_MS, stopped.signal)
      }
    }
  }

  void run()
  return {
    async cut() {
      request.abort()
      record.lost(nowMs())
    },
    async stall(durationMs) {
      stalledUntilMs = nowMs() + durationMs
    },
    async slow(durationMs) {
      slowUntilMs = nowMs() + durationMs
    },
    stop: () => stopped.abort(),
  }
}
