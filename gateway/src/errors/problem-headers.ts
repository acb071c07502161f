// The headers that RFC 9110 requires with the status of an error, and Retry-After. Names in lower case.

import type { CodedError } from './coded-error.ts'

/** Of the WebSocket protocol (RFC 6455). */
export const SOCKET_VERSION = '13'

export function problemHeaders({ code, status, retryMs }: CodedError): Readonly<Record<string, string>> {
  return {
    ...(retryMs !== undefined && { 'retry-after': String(Math.ceil(retryMs / 1_000)) }),
    ...ofCode(code, status),
  }
}

function ofCode(code: CodedError['code'], status: number): Readonly<Record<string, string>> {
  if (status === 401) {
    const reason = code === 'bad-token' ? ', error="invalid_token"' : ''
    return { 'www-authenticate': `Bearer realm="papertape"${reason}` }
  }
  if (code === 'unsupported-media-type') return { accept: 'application/json', 'accept-encoding': 'identity' }
  return code === 'upgrade-required' ? { 'sec-websocket-version': SOCKET_VERSION } : {}
}
