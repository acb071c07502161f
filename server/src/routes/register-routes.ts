// Registers the gateway's routes with Fastify: what a request says about its sender, and how an answer is sent.

import { checkRequest, isNotModified, type QueryValues, type Route, type Sender } from '@papertape/gateway'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressKey } from '../auth/address-key.ts'
import { browserAccounts, requestToken, setAccountCookie } from '../auth/identity.ts'
import type { Operator } from '../auth/operator.ts'
import { addVary } from '../auth/origins.ts'
import { sendNotModified } from '../http/not-modified.ts'
import { cut } from '../transports/sse-wire.ts'

export interface RouteContext {
  readonly operator: Operator
  /** Part of the name of the accounts' cookies. */
  readonly epoch: () => string
}

export function registerRoutes(app: FastifyInstance, routes: readonly Route[], context: RouteContext): void {
  for (const route of routes) registerRoute(app, route, context)
}

function registerRoute(app: FastifyInstance, route: Route, context: RouteContext): void {
  const { method, path, schema, isOperatorOnly, checksOrigin } = route
  app.route({
    method,
    url: path,
    schema,
    config: { checksOrigin, isTimed: true },
    // Before a body is read.
    onRequest: async request => {
      if (isOperatorOnly) context.operator.require(request)
    },
    handler: async (request, reply) => {
      const { params, query, body } = request
      const unchecked = { params: params as Record<string, string>, query: query as QueryValues, body }
      const checked = checkRequest(schema, unchecked)
      const answer = await route.handle({ ...checked, sender: senderOf(request, reply, context) })
      if (answer.isLost === true) {
        reply.hijack()
        cut(reply.raw)
        return reply
      }
      const { cached } = answer
      const isKnown = cached !== undefined && isNotModified(request.headers['if-none-match'], cached.etag)
      const json = isKnown ? undefined : await answer.json?.()
      if (cached !== undefined) reply.headers({ etag: cached.etag, 'cache-control': cached.cacheControl })
      if (isKnown) {
        // As compression.ts adds to an answer with its body.
        addVary(reply, 'Accept-Encoding')
        return sendNotModified(reply)
      }
      if (answer.mediaType !== undefined) reply.type(answer.mediaType)
      else if (json !== undefined) reply.type('application/json; charset=utf-8')
      return reply.code(answer.status).send(json ?? answer.body)
    },
  })
}

function senderOf(request: FastifyRequest, reply: FastifyReply, { operator, epoch }: RouteContext): Sender {
  return {
    get accountToken() {
      return requestToken(request, epoch())
    },
    get isOperator() {
      return operator.is(request)
    },
    get addressKey() {
      return addressKey(request.ip)
    },
    isOwnPage: isOwnPage(request),
    get browserAccounts() {
      return browserAccounts(request, epoch())
    },
    keepBrowserAccounts: accounts => setAccountCookie(request, reply, epoch(), accounts),
    setHeaders: headers => void reply.headers(headers),
    logOnOperator: token => operator.logOn(request, reply, token),
    logOffOperator: () => operator.logOff(request, reply),
  }
}

/** Only such a page gets the cookie. Over HTTP by a name, browsers send no Sec-Fetch-Site. */
function isOwnPage({ originKind, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return site === 'same-origin' || (site === undefined && originKind === 'own')
}
