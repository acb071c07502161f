// Six streams of the loss laboratory over one link, read as they come. What it opens, close() closes.

import { createSseParser, LOSS_LAB } from '@papertape/protocol'
import type { Arrival } from './order-of-arrival.ts'

export interface LabStreamHandlers {
  onArrival(arrival: Arrival): void
  /** A stream could not be opened or has ended; the others are closed too. */
  onEnd(): void
}

export function openLabStreams(origin: string, { onArrival, onEnd }: LabStreamHandlers): { close(): void } {
  const abort = new AbortController()
  const read = async (lane: number) => {
    const url = `${origin}/stream?lane=${lane}`
    const response = await fetch(url, { signal: abort.signal, cache: 'no-store' })
    const parser = createSseParser({
      onMessage: ({ lastEventId }) => onArrival({ lane, number: Number(lastEventId), atMs: wallMs() }),
      onRetry() {},
    })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parser.push(value)
    }
  }
  const end = () => {
    if (abort.signal.aborted) return
    abort.abort()
    onEnd()
  }
  // Why a stream failed a page does not learn: onEnd says what usually is the reason.
  for (let lane = 0; lane < LOSS_LAB.streams; lane++) read(lane).then(end, end)
  return { close: () => abort.abort() }
}

/** Of finer steps than Date.now(), and by the same clock as the laboratory's. */
function wallMs(): number {
  return performance.timeOrigin + performance.now()
}
