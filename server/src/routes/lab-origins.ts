// Where else a page of this server can reach it, so that the laboratory compares versions of HTTP.

import { SAME_ORIGIN, TAGS } from '@papertape/gateway'
import { OriginsAnswer } from '@papertape/protocol/schemas'
import type { FastifyInstance } from 'fastify'
import { type OpenPorts, ownOrigins } from '../http/own-origins.ts'

export interface LabOriginsOptions {
  /** Undefined before both are open. */
  readonly ports: () => OpenPorts | undefined
}

export function labOriginsRoutes(app: FastifyInstance, { ports }: LabOriginsOptions): void {
  app.get(
    '/lab/origins',
    {
      schema: {
        operationId: 'getOrigins',
        summary: 'The origins at which this server is reached over HTTP/1.1 and HTTP/2',
        tags: [TAGS.laboratory],
        response: { 200: OriginsAnswer },
        ...SAME_ORIGIN,
      },
    },
    async request => ownOrigins(request.host, ports()),
  )
}
