// A reader of the server's feed that records what it is sent, and the publication of a recording to a peer at the
// same distances.

import { once } from 'node:events'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchRecorder, type RecordedBatch, stampEvents } from './batches.ts'
import type { FeedPeer } from './peers/peer.ts'

const OPEN_MS_MAX = 10_000

export interface BatchRecording {
  /** Forgets what was recorded before. */
  start(): void
  /** Ends the stream. */
  stop(): readonly RecordedBatch[]
}

export async function openRecorder(url: string): Promise<BatchRecording> {
  const request = http.get(url, { agent: false })
  const [response] = (await once(request, 'response', { signal: AbortSignal.timeout(OPEN_MS_MAX) })) as [
    http.IncomingMessage,
  ]
  let recorder = new BatchRecorder()
  let startMs = performance.now()
  response.setEncoding('utf8')
  response.on('data', (text: string) => recorder.push(text, performance.now() - startMs))
  // Of the end that it is given here, or of the server: what is missing then is seen in what readers get.
  response.on('error', () => {})
  return {
    start() {
      recorder = new BatchRecorder()
      startMs = performance.now()
    },
    stop() {
      request.destroy()
      return recorder.batches
    },
  }
}

/** Publishes each when it is due. What is due while this process does not run is published as soon as it does. */
export async function publishBatches(batches: readonly RecordedBatch[], peer: FeedPeer): Promise<void> {
  const startMs = performance.now()
  const originUs = wallClockOriginUs()
  for (const batch of batches) {
    const waitMs = startMs + batch.atMs - performance.now()
    if (waitMs > 0) await sleep(waitMs)
    peer.publish(stampEvents(batch, Math.round(originUs + performance.now() * 1_000)))
  }
}

/** What `performance.now()` has to be added to. Date has only milliseconds, and `timeOrigin` may be off after hours. */
function wallClockOriginUs(): number {
  const startMs = Date.now()
  let nowMs = startMs
  while (nowMs === startMs) nowMs = Date.now()
  return (nowMs - performance.now()) * 1_000
}
