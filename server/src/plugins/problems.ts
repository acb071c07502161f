// Answers errors with problem+json (RFC 9457): a code, a title, and a detail that says what to do. Internal errors are
// logged, at a limited rate, and answered with `internal` and no details.

import { CodedError, problemHeaders, RateLimit } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Asset } from '../dashboard/static-site.ts'
import { withBasePath } from '../http/problem-links.ts'
import { pathOf } from '../http/request-target.ts'
import { describeMissing } from './allowed-methods.ts'

/** Clients must not be able to fill the log. */
const FAULTS_LOGGED = { perSecond: 0.2, burst: 10 }

export function problems(app: FastifyInstance, clock: Clock): void {
  const limit = new RateLimit(FAULTS_LOGGED.perSecond, FAULTS_LOGGED.burst, clock.nowMs())
  let unlogged = 0
  const logFault = (request: FastifyRequest, error: Error) => {
    if (limit.take(clock.nowMs()) > 0) {
      unlogged++
      return
    }
    request.log.error({ err: error, unlogged }, 'a request failed')
    unlogged = 0
  }
  app.setErrorHandler((error: FastifyError | CodedError, request, reply) => {
    const coded = asCodedError(error, request)
    if (coded.code === 'internal') logFault(request, error)
    return sendProblem(request, reply, coded)
  })
}

/**
 * Answers requests for which there is no route, before a body is read.
 * @param notFound the page for people; programs get a problem.
 */
export function answerMissing(app: FastifyInstance, notFound: Asset | undefined): void {
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = pathOf(request.url)
    const methods = app.routeTable.methodsAt(path)
    if (methods.length > 0) {
      reply.header('allow', methods.join(', '))
      const detail = `${path} takes ${methods.join(', ')}, not ${request.method}`
      return sendProblem(request, reply, new CodedError('method-not-allowed', detail))
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
    if (isRead && app.routeTable.methodsAt(other).includes('GET')) {
      return reply
        .code(308)
        .header('location', `${app.basePath}${other}${request.url.slice(path.length)}`)
        .send()
    }
    const isPerson = request.headers.accept?.includes('text/html') === true && !path.startsWith('/v1/')
    if (isPerson && notFound !== undefined) {
      return reply
        .code(404)
        .type('text/html')
        .header('content-security-policy', notFound.policy?.([]))
        .send(notFound.body.toString())
    }
    return sendProblem(request, reply, new CodedError('not-found', describeMissing(request.method, path)))
  }
  app.setNotFoundHandler(answer)
  app.addHook('onRequest', async (request, reply) => {
    // The router accepts an empty parameter: /v1/orders/ would be an order with an empty id.
    const isNameless = pathOf(request.url).endsWith('/') && /:[^/]+$/.test(request.routeOptions.url ?? '')
    if (request.is404 || isNameless) return answer(request, reply)
  })
}

/** For errors before routing, for which Fastify calls no error handler. */
export function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void sendProblem(request, reply, asCodedError(error, request))
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, error: CodedError): FastifyReply {
  reply.headers(problemHeaders(error))
  // HTTP/2 has no Upgrade header.
  const { httpVersionMajor } = request.raw
  if (error.code === 'upgrade-required' && httpVersionMajor === 1) {
    reply.headers({ connection: 'upgrade', upgrade: 'websocket' })
  }
  // Fastify sets it when it did not read the body. HTTP/2 has no such header, and Node warns.
  if (httpVersionMajor > 1) reply.removeHeader('connection')
  return reply
    .code(error.status)
    .type('application/problem+json')
    .send(JSON.stringify(withBasePath(error.problem(), request.server.basePath)))
}

/** Gives Fastify's errors the codes of the service. */
export function asCodedError(error: FastifyError | CodedError, request: FastifyRequest): CodedError {
  if (error instanceof CodedError) return error
  const status = error.statusCode ?? 500
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return new CodedError('bad-json', `the body is not JSON: ${error.message}`)
  }
  if (error.code === 'FST_ERR_BAD_URL') {
    return new CodedError('bad-request', 'the path has a % that begins no escape of UTF-8 text; write %25 for a %')
  }
  if (status === 413) return new CodedError('too-large', `a body has ${request.routeOptions.bodyLimit} bytes at most`)
  if (status === 414) return new CodedError('uri-too-long', 'a part of the path has more than 100 characters')
  if (status === 415) {
    const type = request.headers['content-type']
    return new CodedError('unsupported-media-type', `send the body as Content-Type: application/json, not ${type}`)
  }
  if (status >= 400 && status < 500) return new CodedError('bad-request', error.message)
  return new CodedError('internal', 'the service failed on this request; it has been logged')
}
