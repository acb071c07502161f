// Every error answer of the service: problem+json with a code, a title, and a detail that says what to do. Faults of ours
// are logged whole and told as `internal`, without a word of what is inside.

import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { CodedError } from '../errors.ts'
import type { Page } from './dashboard.ts'

/** @param notFound for people who have lost their way; programs get a problem. */
export function problems(app: FastifyInstance, notFound: Page | undefined): void {
  app.setErrorHandler((error: FastifyError | CodedError, request, reply) => {
    const coded = error instanceof CodedError ? error : translate(error)
    if (coded.code === 'internal') request.log.error(error)
    return send(reply, coded)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const isPerson = request.headers.accept?.includes('text/html') === true && !path.startsWith('/v1/')
    if (isPerson && notFound !== undefined) {
      return reply.code(404).type('text/html').header('content-security-policy', notFound.policy).send(notFound.html)
    }
    const detail = `there is no ${request.method} ${path}; /docs lists what there is`
    return send(reply, new CodedError('not-found', detail))
  })
}

function send(reply: FastifyReply, error: CodedError): FastifyReply {
  if (error.retryMs !== undefined) reply.header('retry-after', Math.ceil(error.retryMs / 1_000))
  return reply.code(error.status).type('application/problem+json').send(JSON.stringify(error.problem()))
}

/** Fastify's own errors, in our codes. */
function translate(error: FastifyError): CodedError {
  if (error.validation !== undefined) return new CodedError('bad-request', describeValidation(error))
  const status = error.statusCode ?? 500
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return new CodedError('bad-json', `the body is not JSON: ${error.message}`)
  }
  if (status === 413) return new CodedError('too-large', error.message)
  if (status >= 400 && status < 500) return new CodedError('bad-request', error.message)
  return new CodedError('internal', 'the service failed on this request; it has been logged')
}

function describeValidation(error: FastifyError): string {
  const where = error.validationContext ?? 'request'
  const reasons = (error.validation ?? []).map(({ instancePath, message, params }) => {
    const allowed = (params as { allowedValues?: readonly unknown[] }).allowedValues
    return `${instancePath.slice(1) || where} ${message}${allowed === undefined ? '' : ` (${allowed.join(', ')})`}`
  })
  return `${where}: ${[...new Set(reasons)].join('; ')}`
}
