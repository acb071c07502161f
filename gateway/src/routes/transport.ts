// The decision tree of transports as data, and its answer for one need.

import { chooseTransport, DECISION_ROOT, DECISION_TREE } from '@papertape/protocol'
import { TransportAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import { defineRoute, ok, type Route } from './route.ts'
import { TAGS } from './route-parts.ts'

const transportSchema = {
  operationId: 'chooseTransport',
  summary: 'The transport for a need; without a query the whole decision tree',
  tags: [TAGS.marketData],
  querystring: Type.Object({
    realtime: Type.Optional(Type.Boolean({ description: 'Whether changes must be seen when they happen' })),
    bidirectional: Type.Optional(Type.Boolean({ description: 'Whether the client sends, too' })),
    streams: Type.Optional(Type.Boolean({ description: 'false where a proxy holds back responses that stay open' })),
  }),
  response: { 200: TransportAnswer },
}

export function transportRoute(): Route {
  return defineRoute('GET /transport', transportSchema, ({ query: { realtime, bidirectional, streams } }) => {
    if (realtime === undefined && bidirectional === undefined && streams === undefined) {
      return ok({ root: DECISION_ROOT, nodes: DECISION_TREE })
    }
    const choice = chooseTransport({
      ...(realtime !== undefined && { realtime }),
      ...(bidirectional !== undefined && { bidirectional }),
      ...(streams !== undefined && { streams }),
    })
    return ok(choice)
  })
}
