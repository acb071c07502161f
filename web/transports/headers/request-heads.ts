// Sends requests to this server, one after the other, and returns the heads as it received them.

import type { Problem, RequestHead } from '@papertape/protocol'
import { BASE_PATH } from '../../base-path.ts'

const REQUESTS = 10
export const HEADERS_PATH = `${BASE_PATH}/v1/lab/headers`

/** @throws {Error} with a text for the page */
export async function sendRequests(signal: AbortSignal): Promise<readonly RequestHead[]> {
  const heads: RequestHead[] = []
  while (heads.length < REQUESTS) {
    const answer = await fetch(HEADERS_PATH, { signal })
    if (!answer.ok) throw new Error(((await answer.json()) as Problem).detail)
    heads.push((await answer.json()) as RequestHead)
  }
  return heads
}
