// Checks the Host of each request: loopback names, IP addresses and the names of --hosts are accepted. Any other name
// may have been pointed at this address (DNS rebinding), and its pages would count as same-origin.

import { isIP } from 'node:net'
import { CodedError } from '@papertape/gateway'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { targetHost } from '../http/request-target.ts'

const LOOPBACK_NAME = /^(?:.+\.)?localhost$/

/** Runs before all other hooks, for upgrades and HTTP/2 too. */
export function checkHosts(app: FastifyInstance, { hosts }: { hosts: readonly string[] }): void {
  app.addHook('onRequest', async request => {
    for (const host of namedHosts(request)) {
      if (isKnownHost(host, hosts)) continue
      throw new CodedError('unknown-host', `this service does not answer as ${host}; list the name with --hosts`)
    }
  })
}

/**
 * The Host of the request, and the one that a trusted proxy forwards.
 * @throws {CodedError} bad-request without a Host where there must be one, or with several (RFC 9112 section 3.2).
 */
function namedHosts(request: FastifyRequest): readonly string[] {
  const { headers, rawHeaders, httpVersion } = request.raw
  const candidates = [headers[':authority'], headers.host, targetHost(request.originalUrl)]
  const named = candidates.filter(host => host !== undefined) as string[]
  if (named.length === 0 && httpVersion !== '1.0') throw new CodedError('bad-request', 'a request names its Host')
  const lines = (rawHeaders ?? []).filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (lines.length > 1) throw new CodedError('bad-request', 'a request names one Host')
  const forwarded = request.host
  return forwarded === '' || named.includes(forwarded) ? named : [...named, forwarded]
}

export function isKnownHost(host: string, listed: readonly string[]): boolean {
  // URL.parse would accept more than a host and a port.
  const url = /^[^\s/?#@\\]+$/.test(host) ? URL.parse(`http://${host}`) : null
  if (url === null) return false
  const name = url.hostname.replace(/\.$/, '')
  return LOOPBACK_NAME.test(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || listed.includes(name)
}

/** A comma list of host names, as --hosts takes it; undefined when one is invalid. */
export function parseHosts(text: string): readonly string[] | undefined {
  const names = text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  const parsed = names.map(name => {
    const url = /^[^\s/?#@\\:*[\]]+$/.test(name) ? URL.parse(`http://${name}`) : null
    return url?.hostname.replace(/\.$/, '')
  })
  return parsed.every(name => name !== undefined && name !== '') ? (parsed as string[]) : undefined
}
