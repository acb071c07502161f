// Whose pages may do what: same-origin for everything that acts, any origin for public reads.

import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * True for requests without an Origin (programs, not pages), of our own pages, and of origins that the config lists.
 * `null`, look-alikes and other ports are none of these.
 */
export function isOwnOrigin(request: FastifyRequest, listed: readonly string[]): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  if (listed.includes(origin)) return true
  const url = URL.parse(origin)
  return url !== null && url.origin === origin && url.host === request.host
}

/** Public reads answer any origin, without credentials; their preflights too. */
export function publicReads(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*')
  })
  app.options('/*', async (_request, reply) => {
    reply
      .header('access-control-allow-methods', 'GET, HEAD')
      .header('access-control-allow-headers', 'last-event-id, cache-control')
      .header('access-control-max-age', '86400')
      .code(204)
      .send()
  })
}
