// Whose pages may do what (CORS): any origin reads what is public, pages of ours and of listed origins do all else. Judged
// before a request is executed; knows no accounts.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CodedError } from '../errors/coded-error.ts'
import { pathOf } from '../http/request-target.ts'

const PUBLIC_READS = ['instruments', 'quotes', 'stream', 'poll', 'log', 'transport']
const PUBLIC_HEADERS = ['last-event-id', 'cache-control', 'content-type', 'if-none-match', 'x-requested-with']
const LISTED_HEADERS = [...PUBLIC_HEADERS, 'authorization']
/** What a page may read besides the safelisted ones. */
const EXPOSED_HEADERS = 'etag, retry-after, www-authenticate, allow, location'
const PREFLIGHT_AGE_S = 86_400
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** `program` sends no Origin; `foreign` are other pages, opaque origins (`null`) and look-alikes. */
export type Asker = 'program' | 'own' | 'listed' | 'foreign'

export interface OriginOptions {
  /** Origins beside our own whose pages may do all that ours may. */
  readonly origins: readonly string[]
}

declare module 'fastify' {
  interface FastifyRequest {
    asker: Asker
  }
  interface FastifyContextConfig {
    /** The route judges origins itself. */
    readonly judgesOrigin?: boolean
  }
  interface FastifyInstance {
    /** `/tape`, or empty. */
    readonly basePath: string
    /** True when what this peer says of X-Forwarded-* is believed. */
    readonly trustsPeer: (address: string | undefined) => boolean
  }
}

export function judgeOrigins(app: FastifyInstance, { origins }: OriginOptions): void {
  app.decorateRequest('asker', 'program')
  app.addHook('onRequest', async (request, reply) => {
    request.asker = askerOf(request, origins)
    const access = accessOf(pathOf(request.url))
    if (access === 'site') return
    if (origins.length > 0) addVary(reply, 'Origin')
    if (request.asker === 'listed') {
      reply.headers({
        'access-control-allow-origin': request.headers.origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': EXPOSED_HEADERS,
      })
    } else if (access === 'public') {
      reply.headers({ 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED_HEADERS })
    }
    if (access === 'public') return
    reply.header('cache-control', 'no-store')
    if (request.asker === 'foreign' && request.routeOptions.config.judgesOrigin !== true) refuseForeign(request)
  })
}

/** Answers a preflight (Fetch standard) for an address that takes these methods. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void {
  if (request.headers['access-control-request-method'] === undefined) return
  const isListed = request.asker === 'listed'
  const isPublic = accessOf(pathOf(request.url)) === 'public'
  if (!isListed && !isPublic) return
  reply.headers({
    'access-control-allow-methods': (isListed ? methods : methods.filter(isSafe)).join(', '),
    'access-control-allow-headers': (isListed ? LISTED_HEADERS : PUBLIC_HEADERS).join(', '),
    'access-control-max-age': String(PREFLIGHT_AGE_S),
  })
}

function isSafe(method: string): boolean {
  return SAFE_METHODS.includes(method)
}

/** @throws {CodedError} foreign-origin */
function refuseForeign(request: FastifyRequest): never {
  const page = request.headers.origin ?? 'other sites'
  throw new CodedError(
    'foreign-origin',
    `pages of ${page} may only read what is public; list the origin with --origins`,
  )
}

function accessOf(path: string): 'public' | 'private' | 'site' {
  const [root, version, name] = path.split('/')
  if (root !== '' || version !== 'v1') return 'site'
  return PUBLIC_READS.includes(name!) ? 'public' : 'private'
}

function askerOf(request: FastifyRequest, listed: readonly string[]): Asker {
  const { origin } = request.headers
  if (origin === undefined) {
    // Browsers name the site also where they send no Origin; a link that is followed or an address typed in only reads.
    const site = request.headers['sec-fetch-site']
    const isOtherSite = site === 'cross-site' || site === 'same-site'
    return isOtherSite && !isSafe(request.method) ? 'foreign' : 'program'
  }
  if (isSameOrigin(origin, request.host, forwardedScheme(request))) return 'own'
  return listed.includes(origin) ? 'listed' : 'foreign'
}

/**
 * @param host as the request names it, with its port unless that is the scheme's own.
 * @param scheme of the request, where that is known for sure: a proxy that is not trusted may have ended TLS.
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

/** True over TLS, also that of a trusted proxy. */
export function isSecure(request: FastifyRequest): boolean {
  return schemeOf(request) === 'https'
}

/** Some proxies name the scheme of a WebSocket. */
function schemeOf(request: FastifyRequest): string {
  return request.protocol.toLowerCase().replace(/^ws/, 'http')
}

/** A comma list of origins, as --origins takes it; undefined when something in it is none. */
export function parseOrigins(text: string): readonly string[] | undefined {
  const origins = text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
  const parsed = origins.map(parseOrigin)
  return parsed.includes(undefined) ? undefined : (parsed as string[])
}

/** Exactly scheme, host and port: no path, no user, no wildcard. */
function parseOrigin(text: string): string | undefined {
  const url = /^https?:\/\/[^\s/?#@\\*]+$/i.test(text) ? URL.parse(text) : null
  return url === null || url.port === '0' ? undefined : url.origin
}

export function addVary(reply: FastifyReply, name: string): void {
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? name : `${vary}, ${name}`)
}
