// The live readers of a class, and how far the sweep has come that writes a chunk to each of them. Readers join and
// leave while it pauses between two turns. Knows nothing of when a chunk is made.

/** How much of the log every reader of a class has been sent. */
export interface ClassProgress {
  /** Everything up to here, quotes and books included. */
  readonly sentUpTo: number
  /** Everything up to here that is never conflated. */
  readonly unconflatedUpTo: number
  /** How many quotes and books that is, each alone or merged into a later one. */
  readonly conflatedCount: number
}

/** A reader that has everything up to the log's head when it joins. */
export interface LiveReader<Chunk> {
  /** @param progress of the class before and after this chunk: a reader that leaves goes on from one of them. */
  write(chunk: Chunk, progress: ChunkProgress): void
}

export interface ChunkProgress {
  readonly before: ClassProgress
  readonly after: ClassProgress
}

export interface NumberedChunk<Chunk> extends ChunkProgress {
  /** Counts the chunks of a class. */
  readonly number: number
  readonly chunk: Chunk
}

export class LiveReaders<Chunk> {
  /** With gaps where readers have left. */
  #members: (LiveReader<Chunk> | undefined)[] = []
  /** Of each member, the number of its first chunk. Not in an object with it, which a sweep would have to fetch. */
  #firstChunks: number[] = []
  readonly #places = new Map<LiveReader<Chunk>, number>()
  /** How many places the sweep has, and how many it has passed; undefined between sweeps. */
  #sweep: { readonly places: number; passed: number } | undefined
  /** Where a sweep begins: none of the readers is always the last. */
  #start = 0

  get size(): number {
    return this.#places.size
  }

  /** @param firstChunk the number of the first chunk that it is written. */
  add(reader: LiveReader<Chunk>, firstChunk: number): void {
    this.#places.set(reader, this.#members.length)
    this.#members.push(reader)
    this.#firstChunks.push(firstChunk)
  }

  delete(reader: LiveReader<Chunk>): void {
    const place = this.#places.get(reader)
    if (place === undefined) return
    this.#places.delete(reader)
    this.#members[place] = undefined
  }

  /**
   * Writes a chunk to the next readers; the same chunk is handed in until all have it.
   * @returns true when each reader has been written it.
   */
  writeSome(chunk: NumberedChunk<Chunk>, writesMax: number): boolean {
    this.#sweep ??= this.#beginSweep()
    const sweep = this.#sweep
    for (let writes = 0; sweep.passed < sweep.places; ) {
      if (writes === writesMax) return false
      const place = (this.#start + sweep.passed++) % sweep.places
      const reader = this.#members[place]
      if (reader === undefined || this.#firstChunks[place]! > chunk.number) continue
      reader.write(chunk.chunk, chunk)
      writes++
    }
    this.#sweep = undefined
    this.#start += writesMax
    return true
  }

  #beginSweep() {
    if (this.#places.size < this.#members.length) this.#closeGaps()
    return { places: this.#members.length, passed: 0 }
  }

  #closeGaps(): void {
    this.#firstChunks = this.#firstChunks.filter((_, place) => this.#members[place] !== undefined)
    this.#members = this.#members.filter(member => member !== undefined)
    for (const [place, member] of this.#members.entries()) this.#places.set(member!, place)
  }
}
