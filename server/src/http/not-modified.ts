// The answer 304 (RFC 9110 section 15.4.5). Called by the routes and the dashboard.

import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Send what the answer 200 has of ETag, Vary and Cache-Control before. */
export function sendNotModified(reply: FastifyReply): FastifyReply {
  // To HEAD without a body Fastify adds a Content-Length of 0, which the answer 200 has not (section 8.6).
  return reply.code(304).send(reply.request.method === 'HEAD' ? Readable.from([]) : undefined)
}
