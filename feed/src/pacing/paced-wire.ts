// A wire whose connection may be paced. At full speed it costs the check of a field; otherwise chunks wait, cut into
// pieces, for their time. Changes nothing of what is written. Put around its wire by a transport.

import type { EndReason, FeedWire } from '../readers/feed-reader.ts'
import type { ConnectionPace } from './connection-pace.ts'

/** A part of a chunk. The parts of a chunk, written in order, are the chunk. */
export interface ChunkPiece<Chunk> {
  readonly chunk: Chunk
  readonly bytes: number
}

export class PacedWire<Chunk> implements FeedWire<Chunk> {
  readonly #wire: FeedWire<Chunk>
  readonly #pace: ConnectionPace
  readonly #cut: (chunk: Chunk, name: string) => readonly ChunkPiece<Chunk>[]
  readonly #name: string
  #lastAdd = 0

  /** @param name of the wire, where a connection has several; ConnectionPace.drop() takes it. */
  constructor(
    wire: FeedWire<Chunk>,
    pace: ConnectionPace,
    cut: (chunk: Chunk, name: string) => readonly ChunkPiece<Chunk>[],
    name = '',
  ) {
    this.#wire = wire
    this.#pace = pace
    this.#cut = cut
    this.#name = name
  }

  get hasRoom(): boolean {
    return this.#pace.hasRoom && this.#wire.hasRoom
  }

  get isSlow(): boolean {
    return this.#wire.isSlow ?? false
  }

  staySlow(): void {
    this.#wire.staySlow?.()
  }

  write(chunk: Chunk): boolean {
    if (!this.#pace.isPaced) return this.#wire.write(chunk)
    for (const piece of this.#cut(chunk, this.#name)) {
      this.#lastAdd = this.#pace.add(this.#name, piece.bytes, () => this.#wire.write(piece.chunk))
    }
    return this.hasRoom
  }

  onDrained(callback: () => void): void {
    if (this.#wire.hasRoom) this.#pace.onRoom(this.#lastAdd, callback)
    else this.#wire.onDrained(callback)
  }

  /** What waits is written first, at once. */
  end(reason: EndReason): void {
    this.#pace.restore()
    this.#wire.end(reason)
  }
}
