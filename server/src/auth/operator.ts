// Who may steer the market: whoever has the operator's token, and nobody else. A page trades the token for a cookie once;
// the cookie is taken from pages of ours only.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { CodedError } from '../errors/coded-error.ts'
import { bearerToken, clearOperatorCookie, operatorCookie, readCookie, setOperatorCookie } from './identity.ts'

const TOKEN = /^op_[\w-]{32,}$/

/** Made at first start, readable by its owner only; made anew at each start when nothing is kept. */
export function operatorToken(dataFolder: string | undefined): string {
  const fresh = `op_${randomBytes(24).toString('base64url')}`
  if (dataFolder === undefined) return fresh
  const file = join(dataFolder, 'operator-token')
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (TOKEN.test(kept)) {
    chmodSync(file, 0o600)
    return kept
  }
  mkdirSync(dataFolder, { recursive: true })
  // Whole or not at all: a crash in between must not leave an empty token.
  writeFileSync(`${file}.new`, `${fresh}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return fresh
}

export class Operator {
  readonly #token: string
  readonly #epoch: () => string

  /** @param epoch of the market: another one at the same address has its own operator. */
  constructor(token: string, epoch: () => string) {
    this.#token = token
    this.#epoch = epoch
  }

  is(request: FastifyRequest): boolean {
    if (request.asker === 'foreign') return false
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

  /** Gives the asker's browser the cookie. @throws {CodedError} not-operator */
  logOn(request: FastifyRequest, reply: FastifyReply, token: string): void {
    if (request.asker === 'foreign' || !equal(token, this.#token)) {
      throw new CodedError('not-operator', 'this is not the token in operator-token in the data folder')
    }
    if (request.asker !== 'listed') setOperatorCookie(request, reply, this.#epoch(), this.#cookieValue())
  }

  logOff(request: FastifyRequest, reply: FastifyReply): void {
    clearOperatorCookie(request, reply, this.#epoch())
  }

  /** Not the token: who gets hold of the cookie has this market's alone. */
  #cookieValue(): string {
    return createHmac('sha256', this.#token).update(this.#epoch()).digest('base64url')
  }
}

/** By its Origin, or where a browser sends none, as with GET, by what it says of the site. */
function isOwnPage(request: FastifyRequest): boolean {
  return request.asker === 'own' || request.headers['sec-fetch-site'] === 'same-origin'
}

function equal(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
