// An HTTP error as the end of a feed connection: to be retried, or final. Both transports use it.

import { isRetryable, readRefusal } from '../../rest/problem.ts'
import type { TransportEnd } from './transport.ts'

/** @param wallMs for a Retry-After that is a date */
export async function refusalEnd(response: Response, wallMs: number): Promise<TransportEnd> {
  const { status, code, text, retryMs } = await readRefusal(response, wallMs)
  const reason = { code, text }
  return isRetryable(status) ? { type: 'failed', reason, retryMs } : { type: 'refused', reason }
}
