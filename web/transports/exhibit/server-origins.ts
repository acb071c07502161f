// The origins at which an exhibit reaches this server over HTTP/1.1 and over HTTP/2. Chooses; connects to none of them.

import { RequestError, type Rest } from '@papertape/client'
import type { OriginsAnswer } from '@papertape/protocol'
import { pageProtocol } from './page-protocol.ts'

export interface ServerOrigins {
  /** For many connections: where possible another name of the host, whose six the dashboard does not use. */
  readonly http1: string | undefined
  readonly http2: string | undefined
  /** The other port under the page's own name; undefined behind a proxy. */
  readonly other: string | undefined
}

/**
 * @param own the page's origin
 * @param protocol of the page's requests: `http/1.1`, `h2`, `h3`
 */
export function serverOrigins(own: string, protocol: string, { clear, secure }: OriginsAnswer): ServerOrigins {
  const isHttp1 = protocol === 'http/1.1'
  return {
    http1: clear.find(origin => origin !== own) ?? clear[0] ?? (isHttp1 ? own : undefined),
    http2: isHttp1 ? secure[0] : own,
    other: own.startsWith('https:') ? clear[0] : secure[0],
  }
}

/** @throws {RequestError} when there is no answer */
export async function readServerOrigins(rest: Rest): Promise<ServerOrigins> {
  const answer = await rest.get<OriginsAnswer>('/v1/lab/origins').catch(error => {
    // A market that runs in the page has no ports.
    if (error instanceof RequestError && [404, 501].includes(error.status)) return { clear: [], secure: [] }
    throw error
  })
  return serverOrigins(location.origin, pageProtocol(), answer)
}
