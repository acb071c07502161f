// Entries in the order of their ranks, of equal ranks the oldest first: a binary heap. Removed entries stay in it until
// they reach the top or are more than half of it. Knows no orders: stop-book.ts ranks by price, open-orders.ts by time.

interface Ranked<Entry> {
  readonly rank: number
  /** Counts up: the younger of two entries has the higher one. */
  readonly turn: number
  readonly entry: Entry
  isRemoved: boolean
}

export class RankedQueue<Entry> {
  #heap: Ranked<Entry>[] = []
  readonly #ranked = new Map<Entry, Ranked<Entry>>()
  #turn = 0

  get size(): number {
    return this.#ranked.size
  }

  /** The lowest rank; Infinity without entries. */
  get lowest(): number {
    return this.#first()?.rank ?? Number.POSITIVE_INFINITY
  }

  /** @param rank lowest first. */
  add(entry: Entry, rank: number): void {
    const ranked = { rank, turn: ++this.#turn, entry, isRemoved: false }
    this.#ranked.set(entry, ranked)
    this.#siftUp(ranked)
  }

  /** Does nothing with an entry that is not there. */
  remove(entry: Entry): void {
    const ranked = this.#ranked.get(entry)
    if (ranked === undefined) return
    ranked.isRemoved = true
    this.#ranked.delete(entry)
    if (this.#heap.length > 16 && this.#heap.length > 2 * this.#ranked.size) this.#heap = this.#sorted()
  }

  /** Removes the first entry whose rank is at most this. */
  take(rank: number): Entry | undefined {
    const first = this.#first()
    if (first === undefined || first.rank > rank) return undefined
    this.#removeFirst()
    this.#ranked.delete(first.entry)
    return first.entry
  }

  /** In their order; adding them in that order makes the same queue. */
  list(): Entry[] {
    return this.#sorted().map(({ entry }) => entry)
  }

  /** The top of the heap, after removed entries above it are gone. */
  #first(): Ranked<Entry> | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || !first.isRemoved) return first
      this.#removeFirst()
    }
  }

  /** A sorted list is a valid heap. */
  #sorted(): Ranked<Entry>[] {
    return [...this.#ranked.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1))
  }

  #removeFirst(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length > 0) this.#siftDown(last)
  }

  #siftUp(ranked: Ranked<Entry>): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(ranked, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = ranked
  }

  /** Replaces the first entry and sifts down from there. */
  #siftDown(ranked: Ranked<Entry>): void {
    const heap = this.#heap
    const end = heap.length
    let at = 0
    for (let child = 1; child < end; child = 2 * at + 1) {
      if (child + 1 < end && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, ranked)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = ranked
  }
}

function isBefore(a: Ranked<unknown>, b: Ranked<unknown>): boolean {
  return a.rank === b.rank ? a.turn < b.turn : a.rank < b.rank
}
