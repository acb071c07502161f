// Accepts JSON bodies without a content encoding, and refuses others with 415 (RFC 9110 section 15.5.16) before they
// are read, where Fastify does not.

import { CodedError, requireShallowJson } from '@papertape/gateway'
import type { FastifyInstance, FastifyRequest } from 'fastify'

export function checkMediaTypes(app: FastifyInstance): void {
  // Fastify accepts text bodies otherwise.
  app.removeContentTypeParser('text/plain')
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  const parseShallow: typeof parseJson = (request, body, done) => {
    try {
      requireShallowJson(body as string)
    } catch (error) {
      done(error as CodedError, undefined)
      return
    }
    parseJson(request, body, done)
  }
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    // Many clients send the media type with every request, also without a body.
    if (body !== '') parseShallow(request, body, done)
    else if (wantsObject(request)) done(new CodedError('bad-json', 'the body is not JSON: it is empty'), undefined)
    else done(null, undefined)
  })
  app.addHook('onRequest', async request => {
    const { 'content-type': type, 'content-encoding': encoding = 'identity' } = request.headers
    if (!hasBody(request)) return
    if (encoding.toLowerCase() !== 'identity') {
      throw new CodedError('unsupported-media-type', `send the body without Content-Encoding: ${encoding}`)
    }
    if (type === undefined || type === '') {
      throw new CodedError('unsupported-media-type', 'send the body with Content-Type: application/json')
    }
  })
}

function hasBody({ raw, method, headers }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false
  const length = headers['content-length']
  if (length !== undefined) return length !== '0'
  const stream = (raw as { stream?: { endAfterHeaders?: boolean } }).stream
  return headers['transfer-encoding'] !== undefined || stream?.endAfterHeaders === false
}

function wantsObject(request: FastifyRequest): boolean {
  return (request.routeOptions.schema?.body as { type?: string } | undefined)?.type === 'object'
}
