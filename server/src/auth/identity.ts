// Reads the token of a request from its Authorization header or cookie, and sets and clears the cookies. The gateway's
// Accounts and operator.ts check tokens.

import type {} from '@fastify/cookie'
import { type BrowserAccounts, formatBrowserAccounts, parseBrowserAccounts } from '@papertape/gateway'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSecure } from './origins.ts'

const COOKIE_PREFIX = 'papertape-'
const ACCOUNT_COOKIE_AGE_S = 180 * 86_400
/** A browser sends all of them with each request. The oldest, of former markets, are expired first. */
const COOKIES_MAX = 10

/** The token of the Authorization header. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,256}) *$/i.exec(request.headers.authorization ?? '')?.[1]
}

/** The token of the Authorization header, else of the active account of the cookie. */
export function requestToken(request: FastifyRequest, epoch: string): string | undefined {
  return bearerToken(request) ?? browserAccounts(request, epoch).active
}

/** The accounts of the browser in this market; another market at the same address has another cookie. */
export function browserAccounts(request: FastifyRequest, epoch: string): BrowserAccounts {
  return parseBrowserAccounts(readCookie(request, accountCookie(epoch)))
}

function accountCookie(epoch: string): string {
  return `${COOKIE_PREFIX}${epoch}`
}

export function operatorCookie(epoch: string): string {
  return `${COOKIE_PREFIX}${epoch}-operator`
}

/** Over TLS the cookie that was set over TLS, if there is one; otherwise that of the clear port. */
export function readCookie(request: FastifyRequest, name: string): string | undefined {
  const secure = isSecure(request) ? request.cookies[secureName(name)] : undefined
  return secure ?? request.cookies[name]
}

/** A persistent cookie; without an account it is expired. */
export function setAccountCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  epoch: string,
  accounts: BrowserAccounts,
): void {
  const name = accountCookie(epoch)
  if (accounts.tokens.length === 0) clearCookie(request, reply, name)
  else setCookie(request, reply, name, formatBrowserAccounts(accounts), ACCOUNT_COOKIE_AGE_S)
}

/** A session cookie: it ends with the browser. */
export function setOperatorCookie(request: FastifyRequest, reply: FastifyReply, epoch: string, value: string): void {
  setCookie(request, reply, operatorCookie(epoch), value, undefined)
}

export function clearOperatorCookie(request: FastifyRequest, reply: FastifyReply, epoch: string): void {
  clearCookie(request, reply, operatorCookie(epoch))
}

/** Cookies of the two ports have different names, so that the clear port can neither read nor replace one of TLS. */
function secureName(name: string): string {
  return `${name}-tls`
}

function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  value: string,
  maxAge: number | undefined,
): void {
  const secure = isSecure(request)
  const ownName = secure ? secureName(name) : name
  const others = Object.keys(request.cookies).filter(other => other.startsWith(COOKIE_PREFIX) && other !== ownName)
  // Browsers send older ones first (RFC 6265 section 5.4).
  for (const other of others.slice(0, Math.max(0, others.length - COOKIES_MAX + 1))) expireCookie(request, reply, other)
  reply.setCookie(ownName, value, { ...scope(request), secure, ...(maxAge !== undefined && { maxAge }) })
}

/** Of both ports: over TLS that of the clear port would be read in its place. */
function clearCookie(request: FastifyRequest, reply: FastifyReply, name: string): void {
  for (const one of [name, secureName(name)]) expireCookie(request, reply, one)
}

function expireCookie(request: FastifyRequest, reply: FastifyReply, name: string): void {
  reply.setCookie(name, '', { ...scope(request), secure: isSecure(request), maxAge: 0 })
}

function scope(request: FastifyRequest) {
  return { path: request.server.basePath || '/', httpOnly: true, sameSite: 'strict' } as const
}
