// WebSocket close codes with meaning and retry rule.

import type { RetryRule } from './errors.ts'

interface CloseEntry {
  readonly meaning: string
  readonly retry: RetryRule
}

/** WebSocket close codes (RFC 6455 section 7.4 and ours), each with what the client does next. */
export const CLOSE_CODES = {
  1000: { meaning: 'logout', retry: 'never' },
  1001: { meaning: 'the server goes away', retry: 'retryAfter' },
  1002: { meaning: 'protocol error', retry: 'never' },
  1003: { meaning: 'binary frames are not taken', retry: 'never' },
  1006: { meaning: 'the connection was lost', retry: 'retry' },
  1007: { meaning: 'text that is not UTF-8', retry: 'never' },
  1008: { meaning: 'policy', retry: 'never' },
  1009: { meaning: 'frame too large', retry: 'never' },
  1011: { meaning: "a fault of the server's", retry: 'retryAfter' },
  4400: { meaning: 'malformed, again and again', retry: 'never' },
  4401: { meaning: 'not logged on, or bad token', retry: 'never' },
  4408: { meaning: 'lagging', retry: 'retry' },
  4409: { meaning: 'session taken over', retry: 'never' },
  4429: { meaning: 'rate', retry: 'retryAfter' },
} as const satisfies Record<number, CloseEntry>
export type CloseCode = keyof typeof CLOSE_CODES

/** What to do after a close; codes that the server never sends count as a lost connection. */
export function retryAfterClose(code: number): RetryRule {
  return code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].retry : 'retry'
}
