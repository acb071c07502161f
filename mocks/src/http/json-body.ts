// Reads the body of a request as the server does: JSON without a content encoding, at most 64 KiB.

import { CodedError, requireShallowJson } from '@papertape/gateway'

const BODY_BYTES_MAX = 64 * 1024

/** @throws {CodedError} unsupported-media-type, too-large or bad-json. @returns undefined for an empty body. */
export async function readJsonBody(request: Request, wantsObject: boolean): Promise<unknown> {
  if (request.body === null) return undefined
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') {
    throw new CodedError('unsupported-media-type', `send the body without Content-Encoding: ${encoding}`)
  }
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length > BODY_BYTES_MAX) throw new CodedError('too-large', `a body has ${BODY_BYTES_MAX} bytes at most`)
  const type = request.headers.get('content-type')
  if (bytes.length > 0 && (type === null || type === '')) {
    throw new CodedError('unsupported-media-type', 'send the body with Content-Type: application/json')
  }
  if (bytes.length > 0 && !/^application\/json\s*(;|$)/i.test(type!)) {
    throw new CodedError('unsupported-media-type', `send the body as Content-Type: application/json, not ${type}`)
  }
  if (bytes.length === 0) {
    if (wantsObject) throw new CodedError('bad-json', 'the body is not JSON: it is empty')
    return undefined
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    requireShallowJson(text)
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw new CodedError('bad-json', `the body is not JSON: ${(error as Error).message}`)
  }
}
