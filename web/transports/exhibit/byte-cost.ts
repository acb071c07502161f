// What a transport sends beside the bodies: heads of requests and responses, framing. Computed from the protocols,
// since a page cannot see it. Pure. TCP, IP and TLS are left out: they are the same for all lanes.

/** As `nextHopProtocol` names it. */
export type HttpProtocol = 'http/1.1' | 'h2' | 'h3'
export type HeaderField = readonly [name: string, value: string]

export interface RequestHead {
  readonly method: string
  readonly target: string
  readonly host: string
  readonly fields: readonly HeaderField[]
}

/** HEADERS and DATA frames: RFC 9113 section 4.1; RFC 9114 section 7.1, with lengths of one or two bytes. */
const FRAME_HEAD_BYTES: Readonly<Record<Exclude<HttpProtocol, 'http/1.1'>, number>> = { h2: 9, h3: 3 }
/** Huffman codes of header text are 5 to 8 bits for the usual characters (RFC 7541 appendix B). */
const HUFFMAN_SHARE = 0.75
/** A field that an earlier request of the connection carried is an index. */
const INDEXED_BYTES = 1
/** The representation of a new field, and the length of its value. */
const LITERAL_BYTES = 2

const byteLength = (text: string) => new TextEncoder().encode(text).length

/** @param isRepeated an earlier request of the connection differed in its target only. */
export function requestHeadBytes(protocol: HttpProtocol, head: RequestHead, isRepeated: boolean): number {
  const { method, target, host, fields } = head
  if (protocol === 'http/1.1')
    return byteLength(`${method} ${target} HTTP/1.1\r\n`) + fieldsBytes([['Host', host], ...fields])
  const literals = isRepeated ? [target] : [target, host, ...fields.flat()]
  // Method and scheme are in the static table.
  const indexed = isRepeated ? 3 + fields.length : 2
  return FRAME_HEAD_BYTES[protocol] + compressedBytes(literals, indexed)
}

export function responseHeadBytes(
  protocol: HttpProtocol,
  status: number,
  fields: readonly HeaderField[],
  isRepeated: boolean,
): number {
  if (protocol === 'http/1.1') return byteLength(`HTTP/1.1 ${status} OK\r\n`) + fieldsBytes(fields)
  const literals = isRepeated ? [] : fields.flat()
  return FRAME_HEAD_BYTES[protocol] + compressedBytes(literals, isRepeated ? 1 + fields.length : 1)
}

/** Around a piece of a body that is sent as it arises: chunked coding (RFC 9112 section 7.1) or a DATA frame. */
export function pieceFramingBytes(protocol: HttpProtocol, bytes: number): number {
  return protocol === 'http/1.1' ? bytes.toString(16).length + 4 : FRAME_HEAD_BYTES[protocol]
}

/** RFC 6455 section 5.2; what a browser sends is masked. */
export function socketFrameHeadBytes(payloadBytes: number, isMasked: boolean): number {
  const lengthBytes = payloadBytes < 126 ? 0 : payloadBytes < 65_536 ? 2 : 8
  return 2 + lengthBytes + (isMasked ? 4 : 0)
}

/** The request that opens a WebSocket over HTTP/1.1, and its answer. */
export function upgradeBytes(
  target: string,
  host: string,
  fields: readonly HeaderField[],
  subprotocol: string,
): number {
  const request: HeaderField[] = [
    ...fields,
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'x'.repeat(24)],
    ['Sec-WebSocket-Protocol', subprotocol],
  ]
  const answer: HeaderField[] = [
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', 'x'.repeat(28)],
    ['Sec-WebSocket-Protocol', subprotocol],
  ]
  const statusLine = byteLength('HTTP/1.1 101 Switching Protocols\r\n')
  return (
    requestHeadBytes('http/1.1', { method: 'GET', target, host, fields: request }, false) +
    statusLine +
    fieldsBytes(answer)
  )
}

/** With the empty line at the end. */
function fieldsBytes(fields: readonly HeaderField[]): number {
  return fields.reduce((sum, [name, value]) => sum + byteLength(`${name}: ${value}\r\n`), 2)
}

function compressedBytes(literals: readonly string[], indexed: number): number {
  const text = literals.reduce((sum, literal) => sum + byteLength(literal), 0)
  return Math.round(text * HUFFMAN_SHARE) + literals.length * LITERAL_BYTES + indexed * INDEXED_BYTES
}
