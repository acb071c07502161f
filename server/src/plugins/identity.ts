// Who is asking: a bearer token, or the cookie that a page of ours was given. Reads requests, decides nothing.

import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

const COOKIE = 'papertape'
const COOKIE_AGE_S = 180 * 86_400

/** The token of the Authorization header, else of the cookie. */
export function requestToken(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer ([\x21-\x7e]{1,256})$/i.exec(request.headers.authorization ?? '')?.[1]
  return bearer ?? tokenCookie(request)
}

export function tokenCookie(request: FastifyRequest): string | undefined {
  return request.cookies[COOKIE]
}

/** Only a page of ours gets it: for any other asker a cookie would be a login it did not ask for. */
export function giveCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  if (request.headers['sec-fetch-site'] !== 'same-origin') return
  const secure = request.protocol === 'https'
  reply.setCookie(COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: COOKIE_AGE_S })
}
