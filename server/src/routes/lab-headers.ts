// GET /v1/lab/headers: the head of the request itself, which a page cannot see. Never the value of a cookie or token.

import { SAME_ORIGIN, TAGS } from '@papertape/gateway'
import { RequestHeadEcho } from '@papertape/protocol/schemas'
import type { FastifyInstance } from 'fastify'
import { describeHead } from '../lab/request-head.ts'

export function labHeadersRoutes(app: FastifyInstance): void {
  app.get(
    '/lab/headers',
    {
      schema: {
        operationId: 'getRequestHead',
        summary: 'The head of this request as the server received it',
        description: 'Names and sizes of all header fields; values of those that say nothing about a person.',
        tags: [TAGS.laboratory],
        response: { 200: RequestHeadEcho },
        ...SAME_ORIGIN,
      },
    },
    async ({ raw, originalUrl, method }, reply) => {
      reply.header('cache-control', 'no-store')
      const { httpVersion, rawHeaders } = raw
      return describeHead({ httpVersion, method, target: originalUrl, rawHeaders })
    },
  )
}
