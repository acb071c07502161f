// Answers what Fastify never sees: requests that Node's HTTP parser refuses, that take too long, or that ask for a tunnel.
// Written to the bare socket, as problem+json like every other error. Called by listeners.ts.

import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { CodedError } from '../errors/coded-error.ts'

/** A socket that Node's HTTP server has a response under way on; not in the public types. */
interface HttpSocket extends Duplex {
  readonly _httpMessage?: ServerResponse | null
}

/**
 * For `clientError`. A peer that has gone, or that has half an answer already, is only cut off; one that waits for an answer
 * to an earlier request gets that first (RFC 9112 section 9.3.2).
 */
export function answerParserError(error: Error & { code?: string }, socket: Duplex): void {
  const underWay = (socket as HttpSocket)._httpMessage
  if (error.code === 'ECONNRESET' || !socket.writable || underWay?.headersSent === true) {
    socket.destroy()
    return
  }
  const answer = () => answerOnSocket(describeParserError(error), socket)
  // A body that breaks off is that of the request under way, which has no other answer to wait for.
  if (underWay === undefined || underWay === null || !underWay.req.complete) answer()
  else underWay.once('finish', answer)
}

/** For `connect`: this is no proxy. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  answerOnSocket(new CodedError('not-implemented', 'CONNECT is for proxies; WebSockets open at /v1/socket'), socket)
}

/** For `checkExpectation`: 100-continue is the only one that there is (RFC 9110 section 10.1.1). */
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
