// The sizes of header blocks under HPACK (RFC 7541): what each field costs on a connection that has sent others before.
// Computes sizes, not bytes. One HpackSizes is one direction of one connection.

import { HUFFMAN_BITS } from './huffman-lengths.ts'
import { STATIC_TABLE } from './static-table.ts'

export interface HpackField {
  readonly name: string
  readonly value: string
}

/** RFC 7541, 4.1: what an entry of the dynamic table counts beside its name and value. */
const ENTRY_BYTES = 32
/** RFC 9113, 6.5.2: the size unless the other side has chosen another. */
const TABLE_BYTES_MAX = 4_096

interface HpackOptions {
  readonly tableBytesMax?: number
  /** Whether the encoder adds a field to the table: its own choice. All fields when absent. */
  readonly isIndexed?: (field: HpackField) => boolean
}

/** The fields that Chromium adds to the table: all but the pseudo-header fields that change. */
export function isIndexedByChromium({ name }: HpackField): boolean {
  return !name.startsWith(':') || name === ':authority'
}

export class HpackSizes {
  readonly #tableBytesMax: number
  readonly #isIndexed: (field: HpackField) => boolean
  /** Newest first. */
  #table: HpackField[] = []

  constructor({ tableBytesMax = TABLE_BYTES_MAX, isIndexed = () => true }: HpackOptions = {}) {
    this.#tableBytesMax = tableBytesMax
    this.#isIndexed = isIndexed
  }

  get tableBytes(): number {
    return this.#table.reduce((sum, field) => sum + entryBytes(field), 0)
  }

  /** The bytes of each field of a block that is sent now. */
  send(fields: readonly HpackField[]): number[] {
    return fields.map(field => this.#sendField(field))
  }

  #sendField(field: HpackField): number {
    const index = this.#indexOf(known => known.name === field.name && known.value === field.value)
    if (index > 0) return integerBytes(index, 7)
    const nameIndex = this.#indexOf(({ name }) => name === field.name)
    const isIndexed = this.#isIndexed(field)
    const prefixBits = isIndexed ? 6 : 4
    if (isIndexed) this.#insert(field)
    const nameBytes = integerBytes(nameIndex, prefixBits) + (nameIndex > 0 ? 0 : stringBytes(field.name))
    return nameBytes + stringBytes(field.value)
  }

  /** 0 for none; the dynamic table follows the static one. */
  #indexOf(matches: (field: HpackField) => boolean): number {
    const inStatic = STATIC_TABLE.findIndex(([name, value]) => matches({ name, value }))
    if (inStatic >= 0) return inStatic + 1
    const inDynamic = this.#table.findIndex(matches)
    return inDynamic < 0 ? 0 : STATIC_TABLE.length + inDynamic + 1
  }

  /** A field that is larger than the table empties it. */
  #insert(field: HpackField): void {
    this.#table.unshift(field)
    while (this.tableBytes > this.#tableBytesMax) this.#table.pop()
  }
}

const entryBytes = ({ name, value }: HpackField) => name.length + value.length + ENTRY_BYTES

/** RFC 7541, 5.1. */
export function integerBytes(value: number, prefixBits: number): number {
  const prefixMax = 2 ** prefixBits - 1
  if (value < prefixMax) return 1
  let bytes = 2
  for (let rest = value - prefixMax; rest >= 128; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

/** RFC 7541, 5.2: the length, and the shorter of the Huffman code and the characters themselves. */
function stringBytes(text: string): number {
  const bytes = Math.min(huffmanBytes(text), text.length)
  return integerBytes(bytes, 7) + bytes
}

export function huffmanBytes(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i++) bits += HUFFMAN_BITS[text.charCodeAt(i)] ?? 30
  return Math.ceil(bits / 8)
}
