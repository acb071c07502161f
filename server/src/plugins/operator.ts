// Who may steer the market: whoever has the operator's token, or a page of ours opened on the machine itself.

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { CodedError } from '../errors.ts'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']
const LOOPBACK_PEERS = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** Made at first start, readable by its owner only; undefined when nothing is kept. */
export function operatorToken(dataFolder: string | undefined): string | undefined {
  if (dataFolder === undefined) return undefined
  const file = join(dataFolder, 'operator-token')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const token = `op_${randomBytes(24).toString('base64url')}`
  mkdirSync(dataFolder, { recursive: true })
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
}

/** @throws {CodedError} not-operator */
export function requireOperator(request: FastifyRequest, token: string | undefined): void {
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given !== undefined && token !== undefined && equal(given, token)) return
  if (isLocalPage(request)) return
  throw new CodedError(
    'not-operator',
    'send Authorization: Bearer with the token in operator-token in the data folder, or use the page on localhost',
  )
}

/** Host and Origin say localhost, nothing was forwarded, and the peer is this machine: no other page can fake all of it. */
function isLocalPage(request: FastifyRequest): boolean {
  const { origin, host, forwarded } = request.headers
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false
  const { host: originHost, hostname } = new URL(origin)
  if (originHost !== host || !LOOPBACK_NAMES.includes(hostname)) return false
  const wasForwarded =
    forwarded !== undefined || Object.keys(request.headers).some(name => name.startsWith('x-forwarded'))
  return !wasForwarded && LOOPBACK_PEERS.includes(request.socket.remoteAddress ?? '')
}

function equal(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
