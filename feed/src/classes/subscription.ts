// What one reader asked for, and how its transport encodes it.

import type { FeedRequest } from '@papertape/protocol'
import { filterKey } from './filter.ts'
import type { FrameCodec } from './frame.ts'

export interface ReaderSubscription<Chunk> {
  readonly request: FeedRequest
  readonly codec: FrameCodec<Chunk>
  /** What its reader has declared to read; the feed holds nobody to it. */
  readonly maxBytesPerSecond?: number | undefined
  /** The secret of the reader's connection, for its hello. */
  readonly labKey?: string | undefined
}

/** Subscriptions with equal keys get equal bytes. */
export function classKey<Chunk>({ request, codec }: ReaderSubscription<Chunk>): string {
  return `${codec.name} ${filterKey(request)}`
}
