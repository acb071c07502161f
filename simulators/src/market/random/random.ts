// A stream of random numbers, xoshiro128**: the same on every platform; its state is 28 characters of text. Each agent
// has its own, seeded by name, so that adding an agent or a symbol leaves all other draws unchanged.

export interface Random {
  /** The next 32 bits, unsigned. */
  next(): number
  /** In (0, 1), never 0 and never 1. */
  unit(): number
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** The state as text, for `restoreRandom`. */
  save(): string
}

/** The stream of a name, such as an agent's in a symbol, under a seed. */
export function seedRandom(seed: number, ...names: readonly string[]): Random {
  const name = `${seed}/${names.join('/')}`
  const words: number[] = []
  // Four hashes with different starts: names that share a stream would have to collide in all of them.
  for (let i = 0; i < 4; i++) words.push(splitmix32(hash(name, Math.imul(i + 1, 0x9e3779b9))))
  return createRandom(words)
}

export function restoreRandom(saved: string): Random {
  return createRandom(saved.split('.').map(word => Number.parseInt(word, 36)))
}

function createRandom(words: readonly number[]): Random {
  let s0 = words[0]! | 0
  let s1 = words[1]! | 0
  let s2 = words[2]! | 0
  // All zero is the one state that xoshiro cannot leave.
  let s3 = (words[3]! | 0) === 0 && (s0 | s1 | s2) === 0 ? 1 : words[3]! | 0

  function next(): number {
    const product = Math.imul(s1, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 11) | (s3 >>> 21)
    return result
  }
  const unit = () => (next() + 0.5) / 4294967296
  /** Of most agents nothing was drawn since the last time. */
  let saved = { s0, s1, s2, s3, text: '' }
  function save(): string {
    const isSaved = saved.text !== '' && s0 === saved.s0 && s1 === saved.s1 && s2 === saved.s2 && s3 === saved.s3
    if (!isSaved) {
      const text = [s0, s1, s2, s3].map(word => (word >>> 0).toString(36)).join('.')
      saved = { s0, s1, s2, s3, text }
    }
    return saved.text
  }
  return {
    next,
    unit,
    below: count => Math.floor(unit() * count),
    chance: probability => unit() < probability,
    save,
  }
}

/** FNV-1a over the characters. */
function hash(text: string, start: number): number {
  let value = 0x811c9dc5 ^ start
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value
}

/** One step of splitmix32: spreads the hash over all bits. */
function splitmix32(value: number): number {
  let mixed = (value + 0x9e3779b9) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
