// Constants of the public feed: event names, reasons of a reset, rates, bar intervals.

export const FEED_EVENTS = ['quote', 'trade', 'book', 'candle', 'status', 'news'] as const
export type FeedEventName = (typeof FEED_EVENTS)[number]
export const DEFAULT_EVENTS: readonly FeedEventName[] = ['quote', 'trade', 'status', 'news']
/** Events that may be merged into their successor; all others are sent at once and in order. */
export const CONFLATED_EVENTS = ['quote', 'book'] as const satisfies readonly FeedEventName[]

export const SIDES = ['buy', 'sell'] as const
export type Side = (typeof SIDES)[number]

export const NEWS_SEVERITIES = ['info', 'warning', 'alert'] as const

/** A page of the log ends at the next multiple. */
export const LOG_PAGE_EVENTS = 512

/** Headlines in a snapshot. */
export const SNAPSHOT_NEWS_MAX = 20

export const RESET_REASONS = ['bad-id', 'epoch', 'expired', 'ahead'] as const
export type ResetReason = (typeof RESET_REASONS)[number]

export const MAX_HZ = { least: 0.1, most: 60, standard: 10 } as const
/** What the reader of a stream may declare that it reads. */
export const MAX_BYTES_PER_SECOND = { least: 1_000, most: 1_000_000_000 } as const
/** How a subscription's events are encoded on a WebSocket: JSON in text messages, or as docs/binary.md has it. */
export const FEED_ENCODINGS = ['json', 'binary'] as const
export type FeedEncoding = (typeof FEED_ENCODINGS)[number]
export const HEARTBEAT_MS = 15_000

/** Bar intervals in milliseconds, by name. Bars open at whole multiples since 1970, those of a day at UTC midnight. */
export const INTERVALS = {
  '1s': 1_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
} as const
export type Interval = keyof typeof INTERVALS
