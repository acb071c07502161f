// CORS: pages of any origin may read what is public; everything else is for same-origin pages and those of listed
// origins. Checked before a request is executed. Knows no accounts.

import {
  accessOf,
  CodedError,
  EXPOSED_HEADERS,
  isSafeMethod,
  PUBLIC_HEADERS,
  preflightHeaders,
} from '@papertape/gateway'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../http/request-target.ts'

const LISTED_HEADERS = [...PUBLIC_HEADERS, 'authorization']

/**
 * `program`: no Origin; `own`: same-origin; `listed`: of --origins; `foreign`: any other, opaque ones (`null`)
 * included.
 */
export type OriginKind = 'program' | 'own' | 'listed' | 'foreign'

export interface OriginOptions {
  /** Origins whose pages have the rights of same-origin pages. */
  readonly origins: readonly string[]
}

declare module 'fastify' {
  interface FastifyRequest {
    originKind: OriginKind
  }
  interface FastifyContextConfig {
    /** The route checks the origin itself. */
    readonly checksOrigin?: boolean
  }
  interface FastifyInstance {
    /** `/tape`, or empty. */
    readonly basePath: string
    /** True when X-Forwarded-* headers of this peer are used. */
    readonly trustsPeer: (address: string | undefined) => boolean
  }
}

export function checkOrigins(app: FastifyInstance, { origins }: OriginOptions): void {
  app.decorateRequest('originKind', 'program')
  app.addHook('onRequest', async (request, reply) => {
    request.originKind = originKindOf(request, origins)
    const access = accessOf(pathOf(request.url))
    if (access === 'site') return
    if (origins.length > 0) addVary(reply, 'Origin')
    if (request.originKind === 'listed') {
      reply.headers({
        'access-control-allow-origin': request.headers.origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': EXPOSED_HEADERS,
      })
    } else if (access === 'public') {
      reply.headers({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': EXPOSED_HEADERS,
        // Pages of any origin may also measure what they may read.
        'timing-allow-origin': '*',
      })
    }
    if (access === 'public') return
    reply.header('cache-control', 'no-store')
    if (request.originKind === 'foreign' && request.routeOptions.config.checksOrigin !== true) refuseForeign(request)
  })
}

/** Answers a preflight (Fetch standard) for an address that takes these methods. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void {
  if (request.headers['access-control-request-method'] === undefined) return
  const isListed = request.originKind === 'listed'
  const isPublic = accessOf(pathOf(request.url)) === 'public'
  if (!isListed && !isPublic) return
  const headers = isListed
    ? preflightHeaders(methods, LISTED_HEADERS)
    : preflightHeaders(methods.filter(isSafeMethod), PUBLIC_HEADERS)
  reply.headers(headers)
}

/** @throws {CodedError} foreign-origin */
function refuseForeign(request: FastifyRequest): never {
  const page = request.headers.origin ?? 'other sites'
  throw new CodedError(
    'foreign-origin',
    `pages of ${page} may only read what is public; list the origin with --origins`,
  )
}

function originKindOf(request: FastifyRequest, listed: readonly string[]): OriginKind {
  const { origin } = request.headers
  if (origin === undefined) {
    // Browsers send Sec-Fetch-Site also without an Origin. Following a link only reads.
    const site = request.headers['sec-fetch-site']
    const isOtherSite = site === 'cross-site' || site === 'same-site'
    return isOtherSite && !isSafeMethod(request.method) ? 'foreign' : 'program'
  }
  if (isSameOrigin(origin, request.host, forwardedScheme(request))) return 'own'
  return listed.includes(origin) ? 'listed' : 'foreign'
}

/**
 * @param host of the request, with its port unless that is the default port.
 * @param scheme of the request; undefined when a proxy that is not trusted may have ended TLS.
 */
export function isSameOrigin(origin: string, host: string, scheme?: string): boolean {
  const url = URL.parse(origin)
  if (url === null || url.origin !== origin || !/^https?:$/.test(url.protocol)) return false
  if (scheme !== undefined && url.protocol !== `${scheme}:`) return false
  return /^[^\s/?#@\\]+$/.test(host) && URL.parse(`${url.protocol}//${host}`)?.origin === origin
}

function forwardedScheme(request: FastifyRequest): string | undefined {
  const isForwarded = request.headers['x-forwarded-proto'] !== undefined
  return isForwarded && request.server.trustsPeer(request.socket?.remoteAddress) ? schemeOf(request) : undefined
}

/** True over TLS, and when a trusted proxy ended TLS. */
export function isSecure(request: FastifyRequest): boolean {
  return schemeOf(request) === 'https'
}

/** Some proxies forward ws and wss. */
function schemeOf(request: FastifyRequest): string {
  return request.protocol.toLowerCase().replace(/^ws/, 'http')
}

/** A comma list of origins, as --origins takes it; undefined when one is invalid. */
export function parseOrigins(text: string): readonly string[] | undefined {
  const origins = text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
  const parsed = origins.map(parseOrigin)
  return parsed.includes(undefined) ? undefined : (parsed as string[])
}

/** Scheme, host and port only: no path, user or wildcard. */
function parseOrigin(text: string): string | undefined {
  const url = /^https?:\/\/[^\s/?#@\\*]+$/i.test(text) ? URL.parse(text) : null
  return url === null || url.port === '0' ? undefined : url.origin
}

export function addVary(reply: FastifyReply, name: string): void {
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? name : `${vary}, ${name}`)
}
