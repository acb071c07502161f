// What the head of a request costs under HTTP/1.1 and under HPACK: field by field, and for all requests of a page. A
// head that arrived in one version is converted to the other. Pure.

import type { RequestHeadEcho } from '@papertape/protocol'
import { HpackSizes, isIndexedByChromium } from './hpack.ts'

export interface HeaderCost {
  readonly name: string
  /** null: withheld by the server. */
  readonly value: string | null
  /** 0: HTTP/1.1 has no such field. */
  readonly http1Bytes: number
  /** Of the first, second and tenth request of a connection; 0: HTTP/2 has no such field. */
  readonly hpackBytes: readonly [first: number, second: number, tenth: number]
}

interface SentField {
  readonly name: string
  readonly value: string | null
  readonly valueBytes: number
}

/** The parts of a head, whichever version it arrived in. */
interface RequestParts {
  readonly method: string
  readonly scheme: string
  readonly path: string
  readonly authority: string
  /** Without Host and Connection. */
  readonly fields: readonly SentField[]
}

const REQUESTS = 10
/** What Chromium sends over HTTP/1.1, and HTTP/2 forbids. */
const CONNECTION = 'Connection: keep-alive\r\n'
/** Chromium sends it over HTTP/2 alone. */
const HTTP2_ONLY = new Set(['priority'])
/** Stands for a value that the server withholds: tokens are base64url. */
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** @param origin of the page; an HTTP/1.1 head does not have the scheme */
export function partsOf({ fields }: RequestHeadEcho, origin: string, path: string): RequestParts {
  const named = fields.map(field => ({ ...field, name: field.name.toLowerCase() }))
  const { protocol, host } = new URL(origin)
  return {
    method: 'GET',
    scheme: protocol.slice(0, -1),
    path,
    authority: host,
    fields: named.filter(({ name }) => !name.startsWith(':') && name !== 'host' && name !== 'connection'),
  }
}

/** The bytes of a request's head over HTTP/1.1. */
export function http1HeadBytes(parts: RequestParts): number {
  return (
    requestLineBytes(parts) +
    fieldBytes('host', parts.authority.length) +
    CONNECTION.length +
    parts.fields.reduce((sum, field) => sum + http1FieldBytes(field), 0)
  )
}

/** Each field of the head, the pseudo-header fields of HTTP/2 beside what they replace. */
export function headerCosts(parts: RequestParts): readonly HeaderCost[] {
  const hpack = new HpackSizes({ isIndexed: isIndexedByChromium })
  const blocks = Array.from({ length: REQUESTS }, () => hpack.send(http2Fields(parts)))
  const sizes = (from: number, to = from + 1): HeaderCost['hpackBytes'] => {
    const of = (request: number) => blocks[request - 1]!.slice(from, to).reduce((sum, one) => sum + one, 0)
    return [of(1), of(2), of(REQUESTS)]
  }
  const { method, path, authority, fields } = parts
  return [
    { name: 'request line', value: `${method} ${path}`, http1Bytes: requestLineBytes(parts), hpackBytes: sizes(0, 3) },
    {
      name: 'host',
      value: authority,
      http1Bytes: fieldBytes('host', authority.length),
      hpackBytes: sizes(3),
    },
    { name: 'connection', value: 'keep-alive', http1Bytes: CONNECTION.length, hpackBytes: [0, 0, 0] },
    ...fields.map((field, at) => ({
      name: field.name,
      value: field.value,
      http1Bytes: http1FieldBytes(field),
      hpackBytes: sizes(4 + at),
    })),
  ]
}

export interface HeaderTotals {
  readonly requests: number
  readonly http1Bytes: number
  readonly hpackBytes: number
}

/** All requests of a page on one connection: each has its own path, all other fields are those of this head. */
export function headerTotals(head: RequestHeadEcho, origin: string, paths: readonly string[]): HeaderTotals {
  const hpack = new HpackSizes({ isIndexed: isIndexedByChromium })
  let http1Bytes = 0
  let hpackBytes = 0
  for (const path of paths) {
    const parts = partsOf(head, origin, path)
    http1Bytes += http1HeadBytes(parts)
    hpackBytes += hpack.send(http2Fields(parts)).reduce((sum, one) => sum + one, 0)
  }
  return { requests: paths.length, http1Bytes, hpackBytes }
}

function http2Fields({ method, scheme, path, authority, fields }: RequestParts) {
  return [
    { name: ':method', value: method },
    { name: ':scheme', value: scheme },
    { name: ':path', value: path },
    { name: ':authority', value: authority },
    ...fields.map(({ name, value, valueBytes }) => ({ name, value: value ?? standIn(valueBytes) })),
  ]
}

/** The line, and the empty one that ends the head. */
function requestLineBytes({ method, path }: RequestParts): number {
  return `${method} ${path} HTTP/1.1\r\n\r\n`.length
}

function http1FieldBytes({ name, valueBytes }: SentField): number {
  return HTTP2_ONLY.has(name) ? 0 : fieldBytes(name, valueBytes)
}

const fieldBytes = (name: string, valueBytes: number) => name.length + ': '.length + valueBytes + '\r\n'.length

function standIn(bytes: number): string {
  return BASE64URL.repeat(Math.ceil(bytes / BASE64URL.length)).slice(0, bytes)
}
