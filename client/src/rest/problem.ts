// An HTTP answer that is not what was asked for, as a coded reason: problem+json when the server wrote one, the bare
// status when a proxy did. Both feed transports and rest.ts read answers through it.

import type { Problem } from '@papertape/protocol'
import type { StatusReason } from '../platform/connection-status.ts'
import { isJson } from './media-type.ts'

/** Statuses after which the same request may succeed; every other 4xx is final. */
const RETRYABLE = new Set([408, 425, 429])

export function isRetryable(status: number): boolean {
  return status >= 500 || RETRYABLE.has(status)
}

export interface Refusal extends StatusReason {
  readonly status: number
  readonly retryMs: number | undefined
}

/** Reads the body of an answer that is not ok. Never throws: a body that cannot be read leaves the status. */
export async function readRefusal(response: Response, nowMs: number): Promise<Refusal> {
  const { status } = response
  const headerMs = retryAfterMs(response.headers.get('retry-after'), nowMs)
  const bare = { status, code: `http-${status}`, text: `The answer was ${status} ${response.statusText}`.trimEnd() }
  if (!isJson(response.headers.get('content-type'))) {
    await response.body?.cancel()
    return { ...bare, retryMs: headerMs }
  }
  try {
    const body = (await response.json()) as Partial<Problem>
    const retryMs = headerMs ?? (typeof body.retryMs === 'number' ? body.retryMs : undefined)
    return { status, code: body.code ?? bare.code, text: body.detail ?? body.title ?? bare.text, retryMs }
  } catch (error) {
    return { ...bare, text: `${bare.text}; its body cannot be read: ${messageOf(error)}`, retryMs: headerMs }
  }
}

/** Seconds or an HTTP date, as milliseconds from now. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Node's fetch says "fetch failed" and keeps what failed in the cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
