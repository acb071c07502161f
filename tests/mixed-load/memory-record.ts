// The memory of a process, sampled over its life. Knows what flat means, and nothing of what the process does.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

const SAMPLE_EVERY_MS = 250
/** Fewer samples of a third are too few for a median. */
const SAMPLES_MIN = 8

export interface MemoryGrowth {
  /** Medians of the second and the last third of the life, resident. */
  readonly middleMiB: number
  readonly lastMiB: number
}

export class MemoryRecord {
  readonly #pid: number
  readonly #samples: number[] = []
  readonly #timer: NodeJS.Timeout

  constructor(pid: number) {
    this.#pid = pid
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The first third is the warm-up. @throws when the life was too short */
  get growth(): MemoryGrowth {
    const third = Math.floor(this.#samples.length / 3)
    assert.ok(third >= SAMPLES_MIN, `${this.#samples.length} samples of memory are too few`)
    return {
      middleMiB: medianOf(this.#samples.slice(third, 2 * third)),
      lastMiB: medianOf(this.#samples.slice(2 * third)),
    }
  }

  #sample(): void {
    try {
      const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))
      if (rss !== null) this.#samples.push(Number(rss[1]) / 1_024)
    } catch {
      // It has ended; and not every system has such a file.
    }
  }
}

function medianOf(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!)
}
