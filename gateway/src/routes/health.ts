// The state of the service, for monitoring, and probes of an orchestrator: the process answers, and whether it is to be
// sent requests. Before the service listens, the server answers probes by itself (server/src/http/startup-probes.ts).

import type { Feed } from '@papertape/feed'
import { formatPosition } from '@papertape/protocol'
import { HealthAnswer, ProbeAnswer } from '@papertape/protocol/schemas'
import { CodedError } from '../errors/coded-error.ts'
import { defineRoute, ok, type Route } from './route.ts'
import { TAGS } from './route-parts.ts'

const healthSchema = {
  operationId: 'getHealth',
  summary: 'The state of the service, for monitoring',
  tags: [TAGS.service],
  response: { 200: HealthAnswer },
}

/** At the root, not below `/v1`. */
export function healthRoute(feed: Feed): Route {
  return defineRoute('GET /health', healthSchema, () =>
    ok({
      status: 'ok',
      position: formatPosition(feed.log.epoch, feed.log.head),
      streams: feed.readers,
      subscriptionClasses: feed.classes,
    }),
  )
}

export const PROBES = { live: '/health/live', ready: '/health/ready', readyShort: '/ready' } as const

const probe = { tags: [TAGS.service], response: { 200: ProbeAnswer } }
const readiness = { ...probe, problems: ['starting', 'closing'] as const }

export interface ProbesDeps {
  /** The service has begun to shut down. */
  readonly isClosing: () => boolean
  /** After how long a client should ask again, or elsewhere. */
  readonly retryMs: () => number
}

/** At the root, not below `/v1`. */
export function probeRoutes({ isClosing, retryMs }: ProbesDeps): readonly Route[] {
  const alive = () => ok({ status: 'ok' } satisfies ProbeAnswer)
  const ready = () => {
    if (isClosing()) throw new CodedError('closing', 'the service is shutting down; ask another one', retryMs())
    return alive()
  }
  return [
    defineRoute(
      `GET ${PROBES.live}`,
      { ...probe, operationId: 'getLiveness', summary: 'The process answers; also while it is not ready' },
      alive,
    ),
    defineRoute(
      `GET ${PROBES.ready}`,
      { ...readiness, operationId: 'getReadiness', summary: 'The service takes requests: 503 as it starts and closes' },
      ready,
    ),
    defineRoute(
      `GET ${PROBES.readyShort}`,
      { ...readiness, operationId: 'getReadinessShort', summary: 'The same as /health/ready' },
      ready,
    ),
  ]
}
