// An entry of the log as bytes: what gateways publish, and after it what only venues need, so that a gateway does not
// decode it; both are JSON, compressed. A command's id is that of the gateway that sent it. Keeps nothing.

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { CommandAnswer } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent, LoggedCommand, SharedChange, SourceChanges } from '@papertape/venue'

/** A command of a gateway. */
export interface CommandOrigin {
  readonly gateway: string
  /** Counted by the gateway. */
  readonly number: number
}

export interface PublishedPart {
  readonly term: number
  /** The market's clock at the end of the flush. */
  readonly time: number
  /** The last message of the log that was committed when this was written. */
  readonly committed: number
  readonly events: readonly EncodedEvent[]
  readonly privateEvents: readonly LoggedPrivateEvent[]
  readonly answers: readonly LoggedAnswer[]
}

/** A command of the venue, and what it came from. */
export interface TakenCommand {
  readonly origin: CommandOrigin
  /** The command, where other gateways act on it. */
  readonly change?: SharedChange | undefined
}

export interface LoggedAnswer extends TakenCommand {
  readonly answer: CommandAnswer
}

export interface LoggedPrivateEvent extends Omit<EncodedPrivateEvent, 'commandId'> {
  readonly origin?: CommandOrigin | undefined
}

export interface VenuePart {
  readonly commands: readonly LoggedCommand[]
  /** The state of the market source where it is given whole. */
  readonly source?: unknown
  /** Or what has changed of it since the entry before. */
  readonly sourceChanges?: SourceChanges
}

const LENGTH_BYTES = 4
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export function encodeLogEntry(published: PublishedPart, venue: VenuePart): Uint8Array {
  const [first, second] = [compress(published), compress(venue)]
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(first.length)
  return Buffer.concat([length, first, second])
}

export function decodePublished(data: Uint8Array): PublishedPart {
  return decompress(data.subarray(LENGTH_BYTES, venuePartAt(data))) as PublishedPart
}

export function decodeVenuePart(data: Uint8Array): VenuePart {
  return decompress(data.subarray(venuePartAt(data))) as VenuePart
}

function venuePartAt(data: Uint8Array): number {
  return LENGTH_BYTES + Buffer.from(data.buffer, data.byteOffset, LENGTH_BYTES).readUInt32LE()
}

function compress(value: unknown): Buffer {
  return zstdCompressSync(JSON.stringify(value), LEVEL)
}

function decompress(data: Uint8Array): unknown {
  return JSON.parse(zstdDecompressSync(data).toString())
}
