// A gateway's part of the rate limits that all gateways of the market share: sends the others now and then what has
// passed here. More than a limit passes for that long at most, and is made up for after it. A message that is lost lets
// so many more pass. Decides nothing.

import type { KeyedRateLimit, SharedLimits } from '@papertape/gateway'
import { decodeMessage, encodeMessage, type PassedAtGateway } from '../log/wire.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'

const SEND_EACH_MS = 100

interface SharedLimit {
  readonly limit: KeyedRateLimit
  /** By key, since the last message. */
  readonly passed: Map<string, number>
}

export class RemoteLimits implements SharedLimits {
  readonly #connection: ClusterConnection
  readonly #gateway: string
  readonly #limits = new Map<string, SharedLimit>()

  constructor(connection: ClusterConnection, gateway: string) {
    this.#connection = connection
    this.#gateway = gateway
    connection.listen(connection.subjects.limits, decodeMessage<PassedAtGateway>, passed => this.#count(passed))
    setInterval(() => this.#send(), SEND_EACH_MS)
  }

  share(name: string, limit: KeyedRateLimit): void {
    const passed = new Map<string, number>()
    this.#limits.set(name, { limit, passed })
    limit.onPass = key => passed.set(key, (passed.get(key) ?? 0) + 1)
  }

  #send(): void {
    const { nats, subjects } = this.#connection
    const busy = [...this.#limits].filter(([, { passed }]) => passed.size > 0)
    if (busy.length === 0 || nats.isClosed()) return
    const passed = Object.fromEntries(busy.map(([name, { passed }]) => [name, [...passed]]))
    nats.publish(subjects.limits, encodeMessage({ gateway: this.#gateway, passed }))
    for (const [, { passed }] of busy) passed.clear()
  }

  #count({ gateway, passed }: PassedAtGateway): void {
    if (gateway === this.#gateway) return
    for (const [name, keys] of Object.entries(passed)) {
      for (const [key, count] of keys) this.#limits.get(name)?.limit.passedElsewhere(key, count)
    }
  }
}
