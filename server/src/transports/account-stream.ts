// The route of an account's private events over Server-Sent Events. What is sent is the gateway's decision
// (AccountStreams), how it is written that of sse-response.ts.

import type { Admission } from '@papertape/feed'
import {
  type AccountStreams,
  type Accounts,
  busyRetryMs,
  encodeStreamRetry,
  type FeedParameters,
  positionIn,
} from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import { requestToken } from '../auth/identity.ts'
import { accountStreamSchema } from './route-schemas.ts'
import { countResponse, encodeChunk, endBusy, openResponse, sseCodec } from './sse-response.ts'
import { SseWire, type StreamParts } from './sse-wire.ts'

export interface AccountStreamOptions extends StreamParts {
  readonly accounts: Accounts
  readonly accountStreams: AccountStreams
  readonly admission: Admission
  readonly epoch: () => string
  /** How long a peer may take to read the reason of its end. */
  readonly lagMaxMs: number
}

export function accountStreamRoutes(app: FastifyInstance, options: AccountStreamOptions): void {
  const { accounts, accountStreams, admission, epoch, counts, random } = options
  const config = { lists: ['last', 'lastEventId'] }
  app.get('/account/stream', { config, schema: accountStreamSchema }, async (request, reply) => {
    let isGone = false
    reply.raw.once('close', () => {
      isGone = true
    })
    const account = await accounts.require(requestToken(request, epoch()))
    if (isGone || request.method === 'HEAD') {
      openResponse(request, reply).end()
      return
    }
    const refusal = admission.refuse(accountStreams.isFull(account))
    const response = openResponse(request, reply, refusal === undefined)
    const counted = countResponse(response, counts, 'accountStream')
    if (refusal !== undefined) {
      endBusy(response, counted, refusal.retryMs ?? busyRetryMs(random))
      return
    }
    const wire = new SseWire(response, options, counted)
    wire.write(encodeChunk(encodeStreamRetry(random)))
    const last = positionIn(request.query as FeedParameters, request.headers['last-event-id'] as string | undefined)
    const stream = accountStreams.open(account, { last, codec: sseCodec, wire })
    wire.start(stream, () => stream.close())
  })
}
