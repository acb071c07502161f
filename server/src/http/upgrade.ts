// Upgrades: only a WebSocket at /v1/socket is accepted, any other Upgrade header is ignored (RFC 9110 section 7.8).
// Checks the WebSocket handshake (RFC 6455 section 4.2.1).

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { CodedError, SOCKET_VERSION } from '@papertape/gateway'
import { SOCKET_KEY_PATTERN, SUBPROTOCOL } from '@papertape/protocol'
import { pathOf, routeTarget } from './request-target.ts'

export const SOCKET_PATH = '/v1/socket'
const KEY = new RegExp(SOCKET_KEY_PATTERN)
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** For Node's `shouldUpgradeCallback`: when false, the request is handled without an upgrade. */
export function takesUpgrade(request: IncomingMessage, basePath: string): boolean {
  if (request.method !== 'GET' || request.httpVersion === '1.0') return false
  const isWebSocket = request.headers.upgrade?.trim().toLowerCase() === 'websocket'
  return isWebSocket && pathOf(routeTarget(request.url ?? '', basePath)) === SOCKET_PATH
}

/**
 * Checks a handshake before the upgrade, so that a refusal is an HTTP response with a problem.
 * @throws {CodedError} upgrade-required on another version, bad-request on a bad key, bad-subprotocol.
 */
export function checkHandshake(headers: IncomingHttpHeaders): void {
  const version = headers['sec-websocket-version']
  if (version !== SOCKET_VERSION) {
    const given = version === undefined ? 'none was given' : `not ${version}`
    throw new CodedError('upgrade-required', `Sec-WebSocket-Version is ${SOCKET_VERSION}, ${given}`)
  }
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) {
    throw new CodedError('bad-request', 'Sec-WebSocket-Key is sixteen random bytes in base64')
  }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
  if (!offered.includes(SUBPROTOCOL)) {
    throw new CodedError('bad-subprotocol', `offer the subprotocol ${SUBPROTOCOL} in Sec-WebSocket-Protocol`)
  }
  // ws would refuse these later, without a problem.
  if (new Set(offered).size < offered.length || !offered.every(name => TOKEN.test(name))) {
    throw new CodedError('bad-subprotocol', 'Sec-WebSocket-Protocol is a list of names, each of them once')
  }
}
