// Refuses query parameters that are not in the route's schema: a misspelt one would silently have no effect.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CodedError } from '../errors/coded-error.ts'
import { describeUnknown } from '../errors/describe-errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Those that may be given several times, as a list. */
    readonly lists?: readonly string[]
  }
}

/** For the API only: links to pages may have further parameters. */
export function checkParameters(app: FastifyInstance): void {
  app.addHook('onRequest', async request => {
    if (request.is404 || request.method === 'OPTIONS') return
    const { schema, config } = request.routeOptions
    const { properties = {} } = (schema?.querystring ?? {}) as { properties?: Record<string, { type?: string }> }
    refuseUnknown(request, Object.keys(properties), config.lists ?? [])
    for (const [name, value] of Object.entries(request.query as Record<string, string>)) {
      // The conversion of the validator would truncate 1.5 to 1, and accept true and 0x10.
      if (properties[name]?.type !== 'integer' || /^-?[0-9]*$/.test(value)) continue
      throw new CodedError('bad-parameter', `${name} is a whole number in decimal digits, not ${value.slice(0, 64)}`)
    }
  })
}

function refuseUnknown(request: FastifyRequest, known: readonly string[], lists: readonly string[]): void {
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    if (!known.includes(name)) throw new CodedError('bad-parameter', describeUnknown('parameter', name, known))
    if (Array.isArray(value) && !lists.includes(name)) {
      throw new CodedError('bad-parameter', `${name} is given ${value.length} times; give it once`)
    }
  }
}
