// A bitmap that finds the next occupied place above or below another: three levels of 32-bit words, where a bit of a
// higher level is set if the word of the level below has a bit set. The ladder finds the next price with it in a few
// steps, however empty the book is. Place 0 is never occupied, so that 0 can mean none.

import { assert } from './assert.ts'

export class Bitmap {
  private readonly places: Int32Array
  private readonly words: Int32Array
  private readonly blocks: Int32Array

  constructor(placesCount: number) {
    this.places = new Int32Array((placesCount >>> 5) + 1)
    this.words = new Int32Array((placesCount >>> 10) + 1)
    this.blocks = new Int32Array((placesCount >>> 15) + 1)
  }

  set(place: number): void {
    this.places[place >>> 5]! |= 1 << (place & 31)
    this.words[place >>> 10]! |= 1 << ((place >>> 5) & 31)
    this.blocks[place >>> 15]! |= 1 << ((place >>> 10) & 31)
  }

  clear(place: number): void {
    const word = place >>> 5
    this.places[word]! &= ~(1 << (place & 31))
    if (this.places[word] !== 0) return
    const block = word >>> 5
    this.words[block]! &= ~(1 << (word & 31))
    if (this.words[block] !== 0) return
    this.blocks[block >>> 5]! &= ~(1 << (block & 31))
  }

  /** The highest occupied place below this one, 0 when there is none. */
  below(place: number): number {
    const word = place >>> 5
    let bits = this.places[word]! & lowerThan(place)
    if (bits !== 0) return (word << 5) + highest(bits)
    const block = word >>> 5
    bits = this.words[block]! & lowerThan(word)
    if (bits !== 0) return this.highestIn((block << 5) + highest(bits))
    let top = block >>> 5
    bits = this.blocks[top]! & lowerThan(block)
    while (bits === 0) {
      if (top === 0) return 0
      bits = this.blocks[--top]!
    }
    const found = (top << 5) + highest(bits)
    return this.highestIn((found << 5) + highest(this.words[found]!))
  }

  /** The lowest occupied place above this one, 0 when there is none. */
  above(place: number): number {
    const word = place >>> 5
    let bits = this.places[word]! & higherThan(place)
    if (bits !== 0) return (word << 5) + lowest(bits)
    const block = word >>> 5
    bits = this.words[block]! & higherThan(word)
    if (bits !== 0) return this.lowestIn((block << 5) + lowest(bits))
    let top = block >>> 5
    bits = this.blocks[top]! & higherThan(block)
    while (bits === 0) {
      if (++top >= this.blocks.length) return 0
      bits = this.blocks[top]!
    }
    const found = (top << 5) + lowest(bits)
    return this.lowestIn((found << 5) + lowest(this.words[found]!))
  }

  private highestIn(word: number): number {
    return (word << 5) + highest(this.places[word]!)
  }

  private lowestIn(word: number): number {
    return (word << 5) + lowest(this.places[word]!)
  }
}

/** The bits below bit (place & 31). */
function lowerThan(place: number): number {
  return (1 << (place & 31)) - 1
}

/** The bits above bit (place & 31). */
function higherThan(place: number): number {
  return -2 << (place & 31)
}

function highest(bits: number): number {
  assert(bits !== 0, 'a word that is marked has a bit set')
  return 31 - Math.clz32(bits)
}

function lowest(bits: number): number {
  assert(bits !== 0, 'a word that is marked has a bit set')
  return 31 - Math.clz32(bits & -bits)
}
