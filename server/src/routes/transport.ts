// The decision tree as data, and the walk through it for one need.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { chooseTransport, DECISION_ROOT, DECISION_TREE } from '@papertape/protocol'
import Type from 'typebox'

const Need = Type.Object({
  realtime: Type.Optional(Type.Boolean()),
  bidirectional: Type.Optional(Type.Boolean()),
  streams: Type.Optional(Type.Boolean({ description: 'false where open responses do not pass' })),
})

export const transportRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/transport', { schema: { querystring: Need } }, async request => {
    const { realtime, bidirectional, streams } = request.query
    if (realtime === undefined && bidirectional === undefined && streams === undefined) {
      return { root: DECISION_ROOT, nodes: DECISION_TREE }
    }
    return chooseTransport({
      ...(realtime !== undefined && { realtime }),
      ...(bidirectional !== undefined && { bidirectional }),
      ...(streams !== undefined && { streams }),
    })
  })
}
