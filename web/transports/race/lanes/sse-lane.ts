// The lane over Server-Sent Events: reconnects as a browser's EventSource does, after the server's `retry`, from the
// last id. Read with fetch, which unlike EventSource shows the bytes.

import { createSseParser, type Hello } from '@papertape/protocol'
import { pieceFramingBytes, requestHeadBytes, responseHeadBytes } from '../../exhibit/byte-cost.ts'
import { createDelivery } from './delivery.ts'
import { serverDisturbances } from './disturbances.ts'
import { type LaneRunner, type LaneSetting, pause, subscriptionQuery } from './lane.ts'
import { fetchFields } from './page-fields.ts'

/** Of the HTML standard's readers, when the server names none. */
const RETRY_STANDARD_MS = 3_000

export function startSseLane(setting: LaneSetting): LaneRunner {
  const { record, baseUrl, protocol, isOwn, nowMs, controls } = setting
  const fields = fetchFields('text/event-stream', isOwn)
  const { host, pathname } = new URL(baseUrl)
  const delivery = createDelivery(setting)
  const stopped = new AbortController()
  let retryMs = RETRY_STANDARD_MS
  let connection: { readonly key: string | undefined } | undefined
  let isRepeated = false

  async function readStream(): Promise<void> {
    const query = subscriptionQuery(setting)
    query.set('last', delivery.position)
    const head = { method: 'GET', target: `${pathname}v1/stream?${query}`, host, fields }
    record.requested(requestHeadBytes(protocol, head, isRepeated))
    const response = await fetch(`${baseUrl}v1/stream?${query}`, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      credentials: 'omit',
      signal: stopped.signal,
    })
    if (!response.ok || response.body === null) throw new Error(`The stream was answered with ${response.status}`)
    record.received(0, responseHeadBytes(protocol, response.status, [...response.headers], isRepeated))
    isRepeated = true
    const parser = createSseParser({
      onMessage({ lastEventId, event, data }) {
        const parsed: unknown = JSON.parse(data)
        if (event === 'hello') {
          connection = { key: (parsed as Hello).labKey }
          record.opened(nowMs())
        }
        delivery.deliver({ id: lastEventId, event, data: parsed })
      },
      onRetry(ms) {
        retryMs = ms
      },
    })
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      record.received(value.byteLength, pieceFramingBytes(protocol, value.byteLength))
      parser.push(decoder.decode(value, { stream: true }))
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await readStream()
      } catch {
        // Cut or refused: as with an end, the lane is away until a later attempt succeeds.
      }
      connection = undefined
      if (stopped.signal.aborted) return
      record.lost(nowMs())
      await pause(retryMs, stopped.signal)
    }
  }

  void run()
  return { ...serverDisturbances(controls, () => connection), stop: () => stopped.abort() }
}
