// A reader of the whole feed over SSE: the ages of its events, and the longest time without any. Writes no result.

import { ALL_EVENTS } from '../feed/feed-server.ts'
import { EventAges } from '../feed/readers/event-ages.ts'

export interface FeedWatch {
  readonly ages: EventAges
  /** Between two pieces of the stream since it was asked last. */
  takeSilenceMs(): number
  close(): void
}

export async function openFeedWatch(url: string): Promise<FeedWatch> {
  const abort = new AbortController()
  const path = `/v1/stream?mode=raw&snapshot=false&events=${ALL_EVENTS}`
  const response = await fetch(`${url}${path}`, { signal: abort.signal })
  if (response.body === null || !response.ok) throw new Error(`the stream was answered with ${response.status}`)
  const ages = new EventAges()
  let lastMs = performance.now()
  let silenceMs = 0
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) {
      const text = decoder.decode(chunk, { stream: true })
      // Heartbeats come without a leader, too.
      if (!text.includes('"seq":')) continue
      silenceMs = Math.max(silenceMs, performance.now() - lastMs)
      lastMs = performance.now()
      ages.push(text, performance.timeOrigin + performance.now())
    }
  }
  // It is closed, or its server is gone: what was read by then counts.
  void read().catch(() => {})
  return {
    ages,
    takeSilenceMs() {
      const taken = Math.max(silenceMs, performance.now() - lastMs)
      silenceMs = 0
      return taken
    },
    close: () => abort.abort(),
  }
}
