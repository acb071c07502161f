// The trace context of a request (W3C, https://www.w3.org/TR/trace-context/): a valid traceparent is sent back with the
// answer, unless shared caches may store that, and is in each log line of the request, so that a client finds its
// request in the log. Makes no spans.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Version, trace-id, parent-id, flags; later versions may have more. Version ff and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?=$|-)/
/** What version 00 has, and the part of a later one that is known. */
const LENGTH = 55
/** Cache-Control of answers that one client asks for and others get. */
const SHARED = /\b(?:public|immutable)\b/

/** The trace context of these headers; undefined when there is none, or an invalid one. */
export function traceparentOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  if (typeof traceparent !== 'string') return undefined
  const [known, version] = TRACEPARENT.exec(traceparent) ?? []
  return version === '00' && traceparent.length > LENGTH ? undefined : known
}

/** Before the routes are added: a logger of a request is made before its hooks run. */
export function logTraceContext(app: FastifyInstance): void {
  app.setChildLoggerFactory((logger, bindings, options, request) => {
    const traceparent = traceparentOf(request.headers)
    return logger.child(traceparent === undefined ? bindings : { ...bindings, traceparent }, options)
  })
}

/** After @fastify/websocket is registered. */
export function sendTraceContext(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const traceparent = traceparentOf(request.headers)
    if (traceparent !== undefined) reply.header('traceparent', traceparent)
  })
  // Only now is Cache-Control known. Streams do not come here: they are stored nowhere.
  app.addHook('onSend', async (_request, reply) => {
    if (SHARED.test(String(reply.getHeader('cache-control')))) reply.removeHeader('traceparent')
  })
  // The answer to an upgrade does not pass Fastify.
  app.websocketServer.on('headers', (headers: string[], request: IncomingMessage) => {
    const traceparent = traceparentOf(request.headers)
    if (traceparent !== undefined) headers.push(`traceparent: ${traceparent}`)
  })
}
