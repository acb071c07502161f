// Upgrades: only a WebSocket at /v1/socket or below the path of an adapter is accepted, any other Upgrade header is
// ignored (RFC 9110 section 7.8). Checks the WebSocket handshake (RFC 6455 section 4.2.1).

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { CodedError, SOCKET_VERSION } from '@papertape/gateway'
import { SOCKET_KEY_PATTERN, SUBPROTOCOL } from '@papertape/protocol'
import { pathOf, routeTarget } from './request-target.ts'

export const SOCKET_PATH = '/v1/socket'
/** The adapters that are switched off, and their paths without a stream, answer as to any other request. */
const ADAPTER_PATH = /^\/(?:alpaca|binance)\//
const KEY = new RegExp(SOCKET_KEY_PATTERN)
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** For Node's `shouldUpgradeCallback`: when false, the request is handled without an upgrade. */
export function takesUpgrade(request: IncomingMessage, basePath: string): boolean {
  if (request.method !== 'GET' || request.httpVersion === '1.0') return false
  const isWebSocket = request.headers.upgrade?.trim().toLowerCase() === 'websocket'
  return isWebSocket && isSocketPath(pathOf(routeTarget(request.url ?? '', basePath)))
}

/** @param path without the base path and the query. */
export function isSocketPath(path: string): boolean {
  return path === SOCKET_PATH || ADAPTER_PATH.test(path)
}

/**
 * Checks a handshake before the upgrade, so that a refusal is an HTTP response.
 * @throws {CodedError} upgrade-required on another version, bad-request on a bad key.
 */
export function checkSocketRequest(headers: IncomingHttpHeaders): void {
  const version = headers['sec-websocket-version']
  if (version !== SOCKET_VERSION) {
    const given = version === undefined ? 'none was given' : `not ${version}`
    throw new CodedError('upgrade-required', `Sec-WebSocket-Version is ${SOCKET_VERSION}, ${given}`)
  }
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) {
    throw new CodedError('bad-request', 'Sec-WebSocket-Key is sixteen random bytes in base64')
  }
}

/**
 * The same for the order channel, which has a subprotocol.
 * @throws {CodedError} bad-subprotocol too.
 */
export function checkHandshake(headers: IncomingHttpHeaders): void {
  checkSocketRequest(headers)
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
  if (!offered.includes(SUBPROTOCOL)) {
    throw new CodedError('bad-subprotocol', `offer the subprotocol ${SUBPROTOCOL} in Sec-WebSocket-Protocol`)
  }
  // ws would refuse these later, without a problem.
  if (new Set(offered).size < offered.length || !offered.every(name => TOKEN.test(name))) {
    throw new CodedError('bad-subprotocol', 'Sec-WebSocket-Protocol is a list of names, each of them once')
  }
}
