// Cuts, stalls, slows down and closes one connection at the request of its own client, who has its key: POST /v1/lab.
// Never touches another connection.

import { unitOf } from '@papertape/engine'
import { STALLED } from '@papertape/feed'
import { LabClose, LabCut, LabSlow, LabStall } from '@papertape/protocol/schemas'
import Type from 'typebox'
import { CodedError } from '../errors/coded-error.ts'
import type { LabConnection, LabConnections } from '../lab/lab-connections.ts'
import { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import { defineRoute, type Route, type Sender } from './route.ts'
import { SAME_ORIGIN, TAGS } from './route-parts.ts'

/** Of each address. A page may cut all that it has open at once. */
const CONTROLS = { perSecond: 10, burst: 40, what: 'requests to the laboratory' }
const DONE = { status: 204 }

const OF_CONNECTION = {
  tags: [TAGS.laboratory],
  response: { 204: Type.Unsafe<undefined>({ type: 'null', description: 'Done' }) },
  problems: [...SAME_ORIGIN.problems, 'unknown-connection', 'lab-off', 'rate-limited'] as const,
}

const cutSchema = {
  operationId: 'cutConnection',
  summary: 'Loses a connection without an end',
  description:
    'A TCP reset over HTTP/1.1, RST_STREAM over HTTP/2, a WebSocket without a close frame, which a browser reports as 1006.',
  body: LabCut,
  ...OF_CONNECTION,
}

const stallSchema = {
  operationId: 'stallConnection',
  summary: 'Writes nothing of the feed to a connection for a time',
  description:
    'The reader falls behind as a slow one does, and catches up afterwards; one that is stalled for longer than lagMaxMs is sent ' +
    'lagging, and ended. Replaces a stall or a slow link of before; durationMs 0 ends it.',
  body: LabStall,
  ...OF_CONNECTION,
}

const slowSchema = {
  operationId: 'slowConnection',
  summary: 'Sends the feed of a connection over a slow link for a time',
  description: 'Replaces a stall or a slow link of before; durationMs 0 ends it.',
  body: LabSlow,
  ...OF_CONNECTION,
}

const closeSchema = {
  operationId: 'closeConnection',
  summary: 'Closes a WebSocket with a code',
  description:
    '1001 comes after a notice, as at a shutdown. A stream has no close codes. 1006 is what a cut looks like.',
  body: LabClose,
  ...OF_CONNECTION,
}

export interface LabConnectionRoutesDeps {
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
  readonly nowMs: () => number
}

export function labConnectionRoutes({ connections, nowMs }: LabConnectionRoutesDeps): readonly Route[] {
  const requests = new KeyedRateLimit(CONTROLS, nowMs)

  const connectionOf = (key: string, { addressKey }: Sender): LabConnection => {
    requests.take(addressKey)
    if (connections !== undefined) return connections.find(key)
    throw new CodedError('lab-off', 'this server was started with --lab off: it cuts and delays no connection')
  }

  return [
    defineRoute('POST /lab/cut', cutSchema, ({ body, sender }) => {
      connectionOf(body.key, sender).controls.cut()
      return DONE
    }),
    defineRoute('POST /lab/stall', stallSchema, ({ body: { key, durationMs, scope }, sender }) => {
      connectionOf(key, sender).pace.set({ ...STALLED, isWhole: scope === 'all' }, durationMs)
      return DONE
    }),
    defineRoute('POST /lab/slow', slowSchema, ({ body, sender }) => {
      const { key, durationMs, scope, jitterMs: most = 0, seed = 0, ...speed } = body
      const jitterMs = (write: number) => Math.round(most * unitOf(seed, write, 'jitter'))
      connectionOf(key, sender).pace.set({ ...speed, jitterMs, isWhole: scope === 'all' }, durationMs)
      return DONE
    }),
    defineRoute('POST /lab/close', closeSchema, ({ body: { key, code }, sender }) => {
      const { controls } = connectionOf(key, sender)
      if (controls.close === undefined) {
        throw new CodedError('bad-request', 'this is the key of a stream, which has no close codes; a WebSocket has')
      }
      controls.close(code)
      return DONE
    }),
  ]
}
