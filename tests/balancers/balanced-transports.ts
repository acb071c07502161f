// The ways to the feed through a balancer: each transport over each version of HTTP that it can have there.

import type { BalancerKind } from './balancers.ts'
import { WIRE_VERSIONS, type WireVersion } from './wire.ts'

const TRANSPORT_NAMES = { sse: 'SSE', longPoll: 'long poll', socket: 'WebSocket' } as const

export interface BalancedTransport {
  readonly kind: keyof typeof TRANSPORT_NAMES
  readonly version: WireVersion
}

export function transportsBehind({ hasSocketsOverHttp2 }: BalancerKind): BalancedTransport[] {
  const kinds = Object.keys(TRANSPORT_NAMES) as BalancedTransport['kind'][]
  const all = kinds.flatMap(kind => WIRE_VERSIONS.map(version => ({ kind, version })))
  return all.filter(({ kind, version }) => hasSocketsOverHttp2 || kind !== 'socket' || version !== 'HTTP/2')
}

export function describeTransport({ kind, version }: BalancedTransport): string {
  return `${TRANSPORT_NAMES[kind]} over ${version}`
}
