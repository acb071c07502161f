// Sec-WebSocket-Accept of RFC 6455 section 4.2.2, in the steps in which it is computed, and pairs that are in print.

import { SOCKET_KEY_PATTERN } from '@papertape/protocol'

/** Fixed by RFC 6455 section 1.3. */
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const KEY_CHARACTERS = 24

export interface AcceptSteps {
  /** The sixteen bytes, in hex. */
  readonly keyBytes: string
  /** The text that is hashed. */
  readonly hashed: string
  /** Twenty bytes, in hex. */
  readonly sha1: string
  readonly accept: string
}

interface PrintedPair {
  readonly source: string
  readonly key: string
  readonly accept: string
  /** About a pair that does not hold. */
  readonly note?: string
}

export const PRINTED_PAIRS = [
  { source: 'RFC 6455', key: 'dGhlIHNhbXBsZSBub25jZQ==', accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' },
  {
    source: 'The course notes',
    key: 'x3JJHMBDL1EzLkh9GBhXDw==',
    accept: 'HSmrc0sM1YUkAGmm5OPpG2HaGWk=',
    note: 'With b in place of B in the key, and l in place of 1 in the accept value, the pair holds.',
  },
  { source: 'The notes, corrected', key: 'x3JJHMbDL1EzLkh9GBhXDw==', accept: 'HSmrc0sMlYUkAGmm5OPpG2HaGWk=' },
] as const satisfies readonly PrintedPair[]

/** What is wrong with a key, as a sentence; undefined when it is sixteen bytes in base64. */
export function keyProblem(key: string): string | undefined {
  const other = /[^A-Za-z0-9+/=]/u.exec(key)?.[0]
  if (other !== undefined) return `“${other}” is not a character of base64: use A–Z, a–z, 0–9, + and /.`
  if (key.length !== KEY_CHARACTERS) {
    return `A key is sixteen bytes in base64: ${KEY_CHARACTERS} characters. This one has ${key.length}.`
  }
  if (!/^[^=]{22}==$/.test(key)) return 'A key ends with ==, and has = nowhere else.'
  if (new RegExp(SOCKET_KEY_PATTERN).test(key)) return undefined
  return 'The last character before == is A, Q, g or w: any other one would have bits after the sixteenth byte.'
}

export function randomKey(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(16)))
}

/**
 * @param key without a problem
 * @param subtle absent where the page is not served securely
 */
export async function acceptSteps(key: string, subtle: SubtleCrypto): Promise<AcceptSteps> {
  const hashed = key + WEBSOCKET_GUID
  const digest = new Uint8Array(await subtle.digest('SHA-1', new TextEncoder().encode(hashed)))
  const keyBytes = Uint8Array.from(atob(key), character => character.charCodeAt(0))
  return { keyBytes: toHex(keyBytes), hashed, sha1: toHex(digest), accept: toBase64(digest) }
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(' ')
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
