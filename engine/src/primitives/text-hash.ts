// Hashes of texts, for comparing states: sixteen hexadecimal digits of two independent 32-bit lanes, and a sum of such
// hashes that can replace one text without the others. Not cryptographic.

/** Two int32 lanes. */
export type TextHash = readonly [first: number, second: number]

/** Of no text; adds nothing to a sum. */
export const NO_HASH: TextHash = [0, 0]

export function hashText(text: string): string {
  const [first, second] = lanesOf(text)
  return hex(first) + hex(second)
}

/** Over many texts, independent of the order in which they were added and removed. */
export class HashSum {
  #count = 0
  #first = 0
  #second = 0

  /** Replaces a text by another one. @returns the `old` for the next replacement. */
  replace(old: TextHash, text: string | undefined): TextHash {
    const hash = text === undefined ? NO_HASH : lanesOf(text)
    this.#count += (text === undefined ? 0 : 1) - (old === NO_HASH ? 0 : 1)
    this.#first = (this.#first + hash[0] - old[0]) | 0
    this.#second = (this.#second + hash[1] - old[1]) | 0
    return hash
  }

  text(): string {
    return `${this.#count} ${hex(this.#first)}${hex(this.#second)}`
  }
}

function lanesOf(text: string): TextHash {
  let first = 0x50415045
  let second = 0x52544150
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    first = Math.imul(first ^ code, 0x9e3779b1)
    first ^= first >>> 15
    second = Math.imul(second ^ code, 0x85ebca6b)
    second ^= second >>> 13
  }
  return [mixed(first), mixed(second)]
}

function mixed(lane: number): number {
  const once = Math.imul(lane ^ (lane >>> 16), 0xc2b2ae35)
  return (once ^ (once >>> 14)) | 0
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}
