// The operator, who may control the market: a request with the operator token, or with the cookie that a page gets for
// it. The cookie is accepted from same-origin pages only.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '@papertape/gateway'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerToken, clearOperatorCookie, operatorCookie, readCookie, setOperatorCookie } from './identity.ts'

const TOKEN = /^op_[\w-]{32,}$/

/**
 * Created at the first start, in a file that only its owner can read; without a data folder at each start. Gateways
 * that share a data folder have one token, also when they start together.
 */
export function operatorToken(dataFolder: string | undefined): string {
  const fresh = `op_${randomBytes(24).toString('base64url')}`
  if (dataFolder === undefined) return fresh
  const file = join(dataFolder, 'operator-token')
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  if (kept !== undefined && TOKEN.test(kept)) {
    chmodSync(file, 0o600)
    return kept
  }
  mkdirSync(dataFolder, { recursive: true })
  // Written to a file of its own first: a crash must not leave an empty token.
  const written = `${file}.${randomBytes(4).toString('hex')}`
  writeFileSync(written, `${fresh}\n`, { mode: 0o600 })
  if (kept !== undefined) {
    renameSync(written, file)
    return fresh
  }
  const isFirst = linksNew(written, file)
  unlinkSync(written)
  return isFirst ? fresh : operatorToken(dataFolder)
}

/** @returns false when there is such a file. */
function linksNew(written: string, file: string): boolean {
  try {
    linkSync(written, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

export class Operator {
  readonly #token: string
  readonly #epoch: () => string

  /** @param epoch of the market: another market at the same address has another cookie. */
  constructor(token: string, epoch: () => string) {
    this.#token = token
    this.#epoch = epoch
  }

  is(request: FastifyRequest): boolean {
    if (request.originKind === 'foreign') return false
    const bearer = bearerToken(request)
    if (bearer !== undefined) return equal(bearer, this.#token)
    const cookie = readCookie(request, operatorCookie(this.#epoch()))
    return cookie !== undefined && isOwnPage(request) && equal(cookie, this.#cookieValue())
  }

  /** @throws {CodedError} not-operator */
  require(request: FastifyRequest): void {
    if (this.is(request)) return
    throw new CodedError(
      'not-operator',
      'send Authorization: Bearer with the token in operator-token in the data folder, or open the link that npm start prints',
    )
  }

  /** Sets the cookie. @throws {CodedError} not-operator */
  logOn(request: FastifyRequest, reply: FastifyReply, token: string): void {
    if (request.originKind === 'foreign' || !equal(token, this.#token)) {
      throw new CodedError('not-operator', 'this is not the token in operator-token in the data folder')
    }
    if (request.originKind !== 'listed') setOperatorCookie(request, reply, this.#epoch(), this.#cookieValue())
  }

  logOff(request: FastifyRequest, reply: FastifyReply): void {
    clearOperatorCookie(request, reply, this.#epoch())
  }

  /** Not the token itself: a stolen cookie is valid in this market only. */
  #cookieValue(): string {
    return createHmac('sha256', this.#token).update(this.#epoch()).digest('base64url')
  }
}

/** By Origin, or by Sec-Fetch-Site where a browser sends no Origin, as with GET. */
function isOwnPage(request: FastifyRequest): boolean {
  return request.originKind === 'own' || request.headers['sec-fetch-site'] === 'same-origin'
}

function equal(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
