// Records the end of the journal outside of it: the last command that was confirmed, and the hash of the chain up to
// it. A journal that ends before it, or has another chain there, has lost what was published. Written after each commit
// and before its events are published, without a sync of its own; docs/decisions/0009 has what that can and cannot
// find.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { JournalDamaged } from '@papertape/venue'
import type { JournalEnd } from './log/command-chain.ts'

export interface Tail extends JournalEnd {
  readonly epoch: string
}

interface Slot {
  /** The number of the write: the higher of the two slots is the newer. */
  readonly write: number
  /** null: nothing is expected of the journal. */
  readonly tail: Tail | null
}

/** Two slots in turn, a disk sector each: a write that is cut by a power failure leaves the one before. */
const SLOT_BYTES = 512

export class TailRecord {
  readonly #file: number
  readonly #bytes = Buffer.alloc(SLOT_BYTES)
  #write: number

  /** Opens the record; creates one that expects nothing when it is absent. */
  constructor(path: string) {
    const isNew = !existsSync(path)
    this.#file = openSync(path, isNew ? 'wx+' : 'r+', 0o600)
    this.#write = readSlot(path)?.write ?? 0
    if (!isNew) return
    this.expectNothing()
    syncFolder(dirname(path))
  }

  write(tail: Tail): void {
    this.#put(tail)
  }

  /** For a journal that is about to be created anew; on the disk when it returns. */
  expectNothing(): void {
    // Both slots: the older one must not count again.
    this.#put(null)
    this.#put(null)
    this.sync()
  }

  sync(): void {
    fsyncSync(this.#file)
  }

  close(): void {
    this.sync()
    closeSync(this.#file)
  }

  #put(tail: Tail | null): void {
    const text = JSON.stringify({ write: ++this.#write, tail } satisfies Slot)
    this.#bytes.fill(0x20)
    this.#bytes.write(`${crc32(text).toString(16).padStart(8, '0')} ${text}`)
    writeSync(this.#file, this.#bytes, 0, SLOT_BYTES, (this.#write % 2) * SLOT_BYTES)
  }
}

/**
 * What the journal must contain; null when nothing is expected.
 * @throws {JournalDamaged} when the file is absent or neither of its records can be read.
 */
export function readTail(path: string): Tail | null {
  const slot = existsSync(path) ? readSlot(path) : undefined
  if (slot === undefined) {
    throw new JournalDamaged(`${path} is missing or cannot be read, so the last confirmed command is unknown`)
  }
  return slot.tail
}

function readSlot(path: string): Slot | undefined {
  const bytes = readFileSync(path)
  const slots = [0, SLOT_BYTES].map(at => parseSlot(bytes.toString('utf8', at, at + SLOT_BYTES)))
  return slots.filter(slot => slot !== undefined).sort((a, b) => b.write - a.write)[0]
}

function parseSlot(padded: string): Slot | undefined {
  const [, crc, text] = /^([0-9a-f]{8}) (.*?) *$/.exec(padded) ?? []
  if (crc === undefined || Number.parseInt(crc, 16) !== crc32(text!)) return undefined
  return JSON.parse(text!) as Slot
}

/** A new file's name is on the disk only when its folder was synced. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, 'r')
  fsyncSync(file)
  closeSync(file)
}
