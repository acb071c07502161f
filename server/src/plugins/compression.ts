// Compresses large JSON and text responses. Streams are not affected: their responses are hijacked.

import type { FastifyInstance } from 'fastify'
import { addVary } from '../auth/origins.ts'
import { chooseEncoding, compress } from '../http/content-encoding.ts'

/** Smaller responses fit into one packet. */
const BYTES_MIN = 1_400
const COMPRESSIBLE = /^(?:application\/(?:problem\+)?json|text\/)/

export function compressAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const isText = typeof payload === 'string' && COMPRESSIBLE.test(String(reply.getHeader('content-type')))
    if (!isText || reply.hasHeader('content-encoding')) return payload
    // Also of small responses: another one of the same path may be large.
    addVary(reply, 'Accept-Encoding')
    const bytes = Buffer.from(payload)
    const encoding = bytes.length < BYTES_MIN ? undefined : chooseEncoding(request.headers['accept-encoding'])
    if (encoding === undefined || /no-transform/.test(String(reply.getHeader('cache-control')))) return payload
    reply.header('content-encoding', encoding)
    reply.removeHeader('content-length')
    return compress(bytes, encoding)
  })
}
