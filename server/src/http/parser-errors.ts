// Answers requests that do not reach Fastify: malformed ones, ones that take too long, CONNECT. Writes problem+json to
// the socket. Called by listeners.ts.

import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { CodedError } from '@papertape/gateway'

/** A socket with the response in progress, which is not in the public types. */
interface HttpSocket extends Duplex {
  readonly _httpMessage?: ServerResponse | null
}

/**
 * For `clientError`. Destroys the socket when the peer has gone or a response has begun. The responses to earlier
 * requests are sent first (RFC 9112 section 9.3.2).
 */
export function answerParserError(error: Error & { code?: string }, socket: Duplex): void {
  const underWay = (socket as HttpSocket)._httpMessage
  if (error.code === 'ECONNRESET' || !socket.writable || underWay?.headersSent === true) {
    socket.destroy()
    return
  }
  const answer = () => answerOnSocket(describeParserError(error), socket)
  // The error is in the body of the request in progress, which has no other response.
  if (underWay === undefined || underWay === null || !underWay.req.complete) answer()
  else underWay.once('finish', answer)
}

/** For `connect`: the service is not a proxy. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  answerOnSocket(new CodedError('not-implemented', 'CONNECT is for proxies; WebSockets open at /v1/socket'), socket)
}

/** For `checkExpectation`: 100-continue is the only expectation of RFC 9110 section 10.1.1. */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const error = new CodedError(
    'unsupported-expectation',
    `leave out Expect: ${request.headers.expect}, or send 100-continue`,
  )
  response.writeHead(error.status, { 'content-type': 'application/problem+json' })
  response.end(JSON.stringify(error.problem()))
}

function describeParserError({ code, message }: Error & { code?: string }): CodedError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new CodedError('headers-too-large', 'the request line and headers together may have 16 KiB; send fewer')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new CodedError('request-timeout', 'send the whole request within 30 seconds')
  }
  const reason = message.replace(/^Parse Error: /, '')
  return new CodedError('bad-request', `this is not HTTP as RFC 9112 has it: ${reason}`)
}

function answerOnSocket(error: CodedError, socket: Duplex): void {
  const body = JSON.stringify(error.problem())
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
