// Bytes that a page cannot see, computed from the protocols: the heads that frame a payload on the wire. Pure.

/** RFC 9113, 4.1: length, type, flags, stream. */
export const HTTP2_FRAME_HEAD_BYTES = 9

/** RFC 6455, 5.2. A client masks what it sends: four bytes more. */
export function webSocketHeadBytes(payloadBytes: number, isMasked: boolean): number {
  const lengthBytes = payloadBytes < 126 ? 0 : payloadBytes < 65_536 ? 2 : 8
  return 2 + lengthBytes + (isMasked ? 4 : 0)
}

/** RFC 9112, 7.1: the size in hexadecimal and two line ends around the data. */
export function chunkHeadBytes(payloadBytes: number): number {
  return payloadBytes.toString(16).length + 4
}
