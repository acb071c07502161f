// WebSocket close codes with meaning and retry rule.

import type { RetryRule } from './errors.ts'

interface CloseEntry {
  readonly meaning: string
  readonly retry: RetryRule
}

/** Close codes of RFC 6455 section 7.4, and the application's own from 4400, each with what the client does next. */
export const CLOSE_CODES = {
  1000: { meaning: 'logout', retry: 'never' },
  1001: { meaning: 'the server is shutting down', retry: 'retryAfter' },
  1002: { meaning: 'protocol error', retry: 'never' },
  1003: { meaning: 'binary frames are not accepted', retry: 'never' },
  1006: { meaning: 'the connection was lost', retry: 'retry' },
  1007: { meaning: 'text that is not UTF-8', retry: 'never' },
  1008: { meaning: 'policy violation', retry: 'never' },
  1009: { meaning: 'frame too large', retry: 'never' },
  1011: { meaning: 'internal error', retry: 'retryAfter' },
  4400: { meaning: 'too many malformed messages', retry: 'never' },
  4401: { meaning: 'not logged on, or invalid token', retry: 'never' },
  4408: { meaning: 'the client does not keep up', retry: 'retry' },
  4409: { meaning: 'session taken over', retry: 'never' },
  4429: { meaning: 'too many messages', retry: 'retryAfter' },
} as const satisfies Record<number, CloseEntry>
export type CloseCode = keyof typeof CLOSE_CODES

/** What to do after a close; codes that the server never sends count as a lost connection. */
export function retryAfterClose(code: number): RetryRule {
  return code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].retry : 'retry'
}
