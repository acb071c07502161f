// What the feed session and the order channel both report about their connection: why, and whether the data is current.

/** Why a connection is not live: a code to branch on, a text to show. */
export interface StatusReason {
  readonly code: string
  readonly text: string
}

/**
 * Whether what was delivered may be shown as current. `none`: nothing was received yet. `stale`: since a connection
 * loss or an unusual silence, until the next data; greetings and retries do not end it.
 */
export type Freshness = 'none' | 'live' | 'stale'
