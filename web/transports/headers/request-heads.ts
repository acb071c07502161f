// Sends requests to this server, one after the other, and returns the heads as it received them.

import type { RequestHeadEcho } from '@papertape/protocol'
import { BASE_PATH } from '../../base-path.ts'
import { service } from '../exhibit/service.ts'

const REQUESTS = 10
export const HEADERS_PATH = `${BASE_PATH}/v1/lab/headers`

/** @throws {RequestError} */
export async function sendRequests(signal: AbortSignal): Promise<readonly RequestHeadEcho[]> {
  const heads: RequestHeadEcho[] = []
  while (heads.length < REQUESTS) {
    heads.push(await service.get<RequestHeadEcho>('/v1/lab/headers', {}, signal))
  }
  return heads
}
