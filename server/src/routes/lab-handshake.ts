// POST /v1/lab/handshake: the server opens a WebSocket to itself in one of the listed ways and reports the bytes of
// both directions, which a page cannot see of its own sockets. No cookie and no token is in them.

import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { CodedError, defineRoute, KeyedRateLimit, ok, type Route, SAME_ORIGIN, TAGS } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import { HandshakeAnswer, HandshakeRequest } from '@papertape/protocol/schemas'
import { handshakeText } from '../lab/handshake-trials.ts'
import { exchangeWithSelf } from '../lab/loopback-exchange.ts'

/** Of each address. */
const HANDSHAKES = { perSecond: 5, burst: 60, what: 'handshakes' }

const handshakeSchema = {
  operationId: 'tryHandshake',
  summary: 'Sends a WebSocket handshake to this server and reports request and answer',
  description: 'The server connects to its own clear port. A handshake can be chosen from the list, not composed.',
  tags: [TAGS.laboratory],
  body: HandshakeRequest,
  response: { 200: HandshakeAnswer },
  problems: [...SAME_ORIGIN.problems, 'lab-off', 'rate-limited', 'busy'],
} as const

export interface HandshakeRouteDeps {
  readonly clock: Clock
  /** Whether the laboratory is on. */
  readonly lab: boolean
  /** Of the clear port. */
  readonly address: () => AddressInfo
}

export function handshakeRoute({ clock, lab, address }: HandshakeRouteDeps): Route {
  const limit = new KeyedRateLimit(HANDSHAKES, () => clock.nowMs())
  return defineRoute('POST /lab/handshake', handshakeSchema, async ({ body, sender }) => {
    limit.take(sender.addressKey)
    if (!lab) throw new CodedError('lab-off', 'this server was started with --lab off: it sends no handshake')
    const { trial, key = randomBytes(16).toString('base64') } = body
    const own = address()
    const request = handshakeText(trial, `localhost:${own.port}`, key)
    return ok({ request, answer: await exchangeWithSelf(own, request, clock) })
  })
}
