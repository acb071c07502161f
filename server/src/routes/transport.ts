// The decision tree of transports as data, and its answer for one need.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { chooseTransport, DECISION_ROOT, DECISION_TREE } from '@papertape/protocol'
import { TransportAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import { TAGS } from '../docs/route-schema.ts'

const Need = Type.Object({
  realtime: Type.Optional(Type.Boolean({ description: 'Whether changes must be seen when they happen' })),
  bidirectional: Type.Optional(Type.Boolean({ description: 'Whether the client sends, too' })),
  streams: Type.Optional(Type.Boolean({ description: 'false where a proxy holds back responses that stay open' })),
})

export const transportRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/transport',
    {
      schema: {
        operationId: 'chooseTransport',
        summary: 'The transport for a need; without a query the whole decision tree',
        tags: [TAGS.marketData],
        querystring: Need,
        response: { 200: TransportAnswer },
      },
    },
    async request => {
      const { realtime, bidirectional, streams } = request.query
      if (realtime === undefined && bidirectional === undefined && streams === undefined) {
        return { root: DECISION_ROOT, nodes: DECISION_TREE }
      }
      const { transport, reasons, path } = chooseTransport({
        ...(realtime !== undefined && { realtime }),
        ...(bidirectional !== undefined && { bidirectional }),
        ...(streams !== undefined && { streams }),
      })
      return { transport, reasons: [...reasons], path: [...path] }
    },
  )
}
