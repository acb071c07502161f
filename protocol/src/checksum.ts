// The checksum of a book: CRC-32 (IEEE) over the top ten levels. A reader verifies its book with it.

export const CHECKSUM_LEVELS = 10

const TABLE = new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  TABLE[byte] = remainder
}

/** CRC-32 of an ASCII string, unsigned. */
export function crc32(ascii: string): number {
  let crc = 0xffffffff
  for (let i = 0; i < ascii.length; i++) crc = TABLE[(crc ^ ascii.charCodeAt(i)) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** CRC-32 of the first `length` bytes, continued from the checksum `before`, as in zlib. */
export function crc32Bytes(bytes: Uint8Array, length: number, before = 0): number {
  let crc = ~before
  for (let i = 0; i < length; i++) crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

type TickLevel = readonly [priceTicks: number, size: number]

/** Sides best first; the top ten levels of each count: `58534:200,58591:18|58533:18`. */
export function bookChecksum(bids: readonly TickLevel[], asks: readonly TickLevel[]): number {
  return crc32(`${joinLevels(asks)}|${joinLevels(bids)}`)
}

function joinLevels(levels: readonly TickLevel[]): string {
  let text = ''
  const count = Math.min(levels.length, CHECKSUM_LEVELS)
  for (let i = 0; i < count; i++) {
    const level = levels[i]!
    text += i === 0 ? `${level[0]}:${level[1]}` : `,${level[0]}:${level[1]}`
  }
  return text
}
