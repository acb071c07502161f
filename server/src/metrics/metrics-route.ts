// The route GET /metrics, which Prometheus scrapes. As open as /health: it has counts only, of no account.

import { TAGS } from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import { mediaAnswer } from '../docs/route-schema.ts'
import { chooseFormat, MEDIA_TYPES } from './exposition.ts'
import type { ServiceMetrics } from './service-metrics.ts'

const schema = {
  operationId: 'getMetrics',
  summary: 'The metrics of the service, for Prometheus',
  description:
    'In the text format of Prometheus, version 0.0.4, or in OpenMetrics 1.0 when Accept names it. docs/monitoring.md ' +
    'says what each metric means.',
  tags: [TAGS.service],
  response: { 200: mediaAnswer('text/plain', 'The metrics') },
}

export function metricsRoute(app: FastifyInstance, metrics: ServiceMetrics): void {
  app.get('/metrics', { schema }, async (request, reply) => {
    const format = chooseFormat(request.headers.accept)
    reply.header('cache-control', 'no-store').type(MEDIA_TYPES[format])
    return reply.send(await metrics.format(format))
  })
}
