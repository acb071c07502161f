// All metrics of the service, in the order of the exposition and of docs/monitoring.md. Reads what others count, and
// counts nothing itself.

import type { Feed } from '@papertape/feed'
import type { PrivateStreams, SessionRegistry, VenuePort } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { VenueCounts } from '@papertape/venue'
import { SERVICE_VERSION } from '../docs/service-version.ts'
import type { ConnectionCounts } from './connection-counts.ts'
import { type ExpositionFormat, formatMetrics } from './exposition.ts'
import { feedMetrics } from './feed-metrics.ts'
import type { LoopLag } from './loop-lag.ts'
import { type Metric, single } from './metric.ts'
import type { RequestCounts } from './request-counts.ts'
import { venueMetrics } from './venue-metrics.ts'

export interface ServiceMetricsDeps {
  readonly feed: Feed
  readonly venue: Pick<VenuePort, 'query'>
  readonly streams: PrivateStreams
  readonly registry: SessionRegistry
  readonly connections: ConnectionCounts
  readonly requests: RequestCounts
  readonly loopLag: LoopLag
  readonly clock: Clock
}

export class ServiceMetrics {
  readonly all: readonly Metric[]
  readonly #venue: ServiceMetricsDeps['venue']
  #venueCounts: VenueCounts | undefined

  constructor(deps: ServiceMetricsDeps) {
    this.#venue = deps.venue
    this.all = [
      ...connectionMetrics(deps.connections),
      ...sessionMetrics(deps),
      ...feedMetrics(deps.feed),
      ...venueMetrics(() => this.#venueCounts!),
      ...requestMetrics(deps.requests),
      ...processMetrics(deps),
    ]
  }

  async format(format: ExpositionFormat): Promise<string> {
    this.#venueCounts = await this.#venue.query('counts', {})
    return formatMetrics(this.all, format)
  }
}

function connectionMetrics({ open, opened, closed, sentBytes }: ConnectionCounts): readonly Metric[] {
  const labels = ['transport', 'endpoint', 'protocol']
  return [
    {
      name: 'papertape_connections',
      type: 'gauge',
      help: 'Streams, long polls and WebSockets that are open; an adapter is a stream for clients of another venue',
      labels,
      read: () => open.read(),
    },
    {
      name: 'papertape_connections_opened_total',
      type: 'counter',
      help: 'Streams, long polls and WebSockets that were opened',
      labels,
      read: () => opened.read(),
    },
    {
      name: 'papertape_connections_closed_total',
      type: 'counter',
      help: 'The same that have ended: WebSockets by close code, others by left, answered, drain, rotated, lagging, failed, busy, done',
      labels: ['transport', 'endpoint', 'code'],
      read: () => closed.read(),
    },
    {
      name: 'papertape_sent_bytes_total',
      type: 'counter',
      help: 'Bytes that were written to them, without the heads of HTTP and TLS',
      labels: ['transport', 'endpoint'],
      read: () => sentBytes.read(),
    },
  ]
}

function sessionMetrics({ registry, streams }: ServiceMetricsDeps): readonly Metric[] {
  return [
    {
      name: 'papertape_sessions',
      type: 'gauge',
      help: 'Order sessions that are logged on',
      labels: [],
      read: () => single(registry.size),
    },
    {
      name: 'papertape_connected_accounts',
      type: 'gauge',
      help: 'Accounts with a session or a stream',
      labels: [],
      read: () => single(streams.accounts),
    },
  ]
}

function requestMetrics(counts: RequestCounts): readonly Metric[] {
  return [
    {
      name: 'papertape_http_requests_total',
      type: 'counter',
      help: 'HTTP requests that were answered to the end; streams and polls that clients left are in papertape_connections_closed_total',
      labels: ['method', 'status'],
      read: () => counts.requests.read(),
    },
    {
      name: 'papertape_http_request_duration_seconds',
      type: 'histogram',
      help: 'How long an answer took, of the routes with JSON that do not wait for events',
      labels: [],
      read: () => single(counts.seconds),
    },
  ]
}

function processMetrics({ loopLag, clock }: ServiceMetricsDeps): readonly Metric[] {
  const startSeconds = clock.wallMs() / 1_000
  return [
    {
      name: 'papertape_event_loop_lag_seconds',
      type: 'histogram',
      help: 'How late timers of the gateway thread are, measured ten times a second',
      labels: [],
      read: () => single(loopLag.read()),
    },
    {
      name: 'papertape_build_info',
      type: 'gauge',
      help: 'Always 1; the versions of the service and of Node',
      labels: ['version', 'node'],
      read: () => [{ labels: [SERVICE_VERSION, process.versions.node], value: 1 }],
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When the gateway was opened, seconds since 1970',
      labels: [],
      read: () => single(startSeconds),
    },
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'Processor time of all threads',
      labels: [],
      read: () => {
        const { user, system } = process.cpuUsage()
        return single((user + system) / 1e6)
      },
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Memory of the process, of all threads',
      labels: [],
      read: () => single(process.memoryUsage.rss()),
    },
    {
      name: 'papertape_heap_used_bytes',
      type: 'gauge',
      help: 'Heap of the gateway thread that is in use',
      labels: [],
      read: () => single(process.memoryUsage().heapUsed),
    },
  ]
}
