// How a client of a stream writes and reads messages: JSON, or MessagePack where its handshake has the content type of
// it. Pure.

import { decode, EXT_TIMESTAMP, ExtData, encode, encodeTimeSpecToTimestamp } from '@msgpack/msgpack'
import { CodedError } from '@papertape/gateway'
import { JSON_DEPTH_MAX } from '@papertape/protocol'
import type { AdapterHeaders } from '../../adapter.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../../values/json-object.ts'
import { formatTimestamp } from '../../values/time.ts'
import type { WriteTime } from '../messages/market-data.ts'

export interface StreamCodec {
  readonly name: 'json' | 'msgpack'
  readonly writeTime: WriteTime<unknown>
  encode(message: unknown): string | Uint8Array
  /** A list of messages that are encoded already. */
  join(messages: readonly (string | Uint8Array)[]): string | Uint8Array
  /** @throws {CodedError} bad-json for what is no object. */
  decode(data: string | Uint8Array): JsonObject
}

export function codecOf(headers: AdapterHeaders): StreamCodec {
  return headers['content-type']?.startsWith('application/msgpack') ? MSGPACK : JSON_CODEC
}

const JSON_CODEC: StreamCodec = {
  name: 'json',
  writeTime: ms => formatTimestamp(ms * 1_000),
  encode: message => JSON.stringify(message),
  join: messages => `[${messages.join(',')}]`,
  decode(data) {
    return requireObject(parseJsonObject(typeof data === 'string' ? data : new TextDecoder().decode(data)))
  },
}

const MSGPACK: StreamCodec = {
  name: 'msgpack',
  writeTime(ms) {
    const sec = Math.floor(ms / 1_000)
    return new ExtData(EXT_TIMESTAMP, encodeTimeSpecToTimestamp({ sec, nsec: (ms - sec * 1_000) * 1_000_000 }))
  },
  encode: message => encode(message, { maxDepth: JSON_DEPTH_MAX }),
  join(messages) {
    const bytes = messages as readonly Uint8Array[]
    const head = listHead(bytes.length)
    const joined = new Uint8Array(bytes.reduce((length, one) => length + one.length, head.length))
    joined.set(head)
    let at = head.length
    for (const one of bytes) {
      joined.set(one, at)
      at += one.length
    }
    return joined
  },
  decode(data) {
    // Some clients send their requests as JSON all the same.
    if (typeof data === 'string') return JSON_CODEC.decode(data)
    return requireObject(decodeBytes(data))
  },
}

/** The head of a list in MessagePack. */
function listHead(length: number): Uint8Array {
  if (length < 16) return Uint8Array.of(0x90 | length)
  if (length < 65_536) return Uint8Array.of(0xdc, length >> 8, length & 0xff)
  return Uint8Array.of(0xdd, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff)
}

function decodeBytes(data: Uint8Array): unknown {
  try {
    return decode(data)
  } catch {
    return undefined
  }
}

function requireObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value
  throw new CodedError('bad-json', 'invalid syntax')
}
