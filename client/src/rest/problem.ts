// An HTTP error as a coded reason: from problem+json (RFC 9457) when the server wrote it, from the status when a proxy
// answered. The feed transports and rest.ts use it.

import type { Problem } from '@papertape/protocol'
import type { StatusReason } from '../platform/connection-status.ts'
import { isJson } from './media-type.ts'

/** Client errors (4xx) after which the same request may succeed; all others are final. */
const RETRYABLE = new Set([408, 425, 429])

export function isRetryable(status: number): boolean {
  return status >= 500 || RETRYABLE.has(status)
}

export interface Refusal extends StatusReason {
  readonly status: number
  readonly retryMs: number | undefined
}

/** Reads the body of an answer that is not ok. Never throws: without a readable body the status is the reason. */
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
  // The message of Node's fetch is "fetch failed"; the cause has the reason.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
