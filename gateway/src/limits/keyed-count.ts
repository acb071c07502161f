// Counts what is open by key, up to a limit: connections by address. A key with nothing open is not kept.

export class KeyedCount {
  readonly #max: number
  readonly #open = new Map<string, number>()

  /** @param max of a key; 0 does not limit. */
  constructor(max: number) {
    this.#max = max
  }

  /** The number of keys. */
  get size(): number {
    return this.#open.size
  }

  isFull(key: string): boolean {
    return this.#max > 0 && (this.#open.get(key) ?? 0) >= this.#max
  }

  /** @returns closes it; to be called once, where close() is not. */
  open(key: string): () => void {
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1)
    return () => this.close(key)
  }

  /** Once for each that was opened. */
  close(key: string): void {
    const left = this.#open.get(key)! - 1
    if (left === 0) this.#open.delete(key)
    else this.#open.set(key, left)
  }
}
