// The frames of one connection of the page, for who wants to see them. Frames that are rare are kept from the start, so
// that there is something to see; those of the feed are read only while somebody subscribes. Tokens are taken out.

import type { FrameTap, TappedFrame } from '@papertape/client'

/** What app/ observes: the feed, the order channel, the REST requests. */
export type FrameSourceName = 'feed' | 'orders' | 'requests'

export interface FrameSource {
  readonly tap: FrameTap
  /** Calls back with the kept frames at once, then with each new one. */
  subscribe(listener: (frame: TappedFrame) => void): () => void
}

export type FrameSources = Readonly<Record<FrameSourceName, FrameSource>>

/** Streams have many frames, and a stream that is watched late is still a stream: nothing of it is kept. */
export function createFrameSources(): FrameSources {
  return { feed: createFrameSource(0), orders: createFrameSource(100), requests: createFrameSource(40) }
}

/** @param keptMax frames that are kept while nobody subscribes; 0 reads none meanwhile */
export function createFrameSource(keptMax: number): FrameSource {
  const listeners = new Set<(frame: TappedFrame) => void>()
  const kept: TappedFrame[] = []

  function receive(frame: TappedFrame): void {
    const shown = { ...frame, text: withoutTokens(frame.text) }
    kept.push(shown)
    if (kept.length > keptMax) kept.shift()
    for (const listener of listeners) listener(shown)
  }

  return {
    tap: {
      get onFrame() {
        return keptMax === 0 && listeners.size === 0 ? undefined : receive
      },
    },
    subscribe(listener) {
      for (const frame of kept) listener(frame)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function withoutTokens(text: string): string {
  return text.replace(/"token":"[^"]*"/g, '"token":"(not shown)"')
}
