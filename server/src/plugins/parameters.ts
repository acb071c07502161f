// Refuses query parameters that are not in the route's schema: a misspelt one would silently have no effect.

import { checkParameters, type QueryValues } from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import type { TObject } from 'typebox'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Parameters that may be given several times beside those that the schema has as lists. */
    readonly lists?: readonly string[]
  }
}

/** For the API only: links to pages may have further parameters. */
export function refuseUnknownParameters(app: FastifyInstance): void {
  app.addHook('onRequest', async request => {
    if (request.is404 || request.method === 'OPTIONS') return
    const { schema, config } = request.routeOptions
    checkParameters(schema?.querystring as TObject | undefined, request.query as QueryValues, config.lists)
  })
}
