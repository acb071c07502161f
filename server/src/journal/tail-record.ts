// The end of the journal, noted outside of it: which command was the last to be confirmed, and the hash of the chain up to it.
// A journal that ends before the note, or has another chain at it, has lost what somebody was told of. Written after each
// commit and before its events are published, without a sync of its own; docs/decisions says what that can and cannot find.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { JournalDamaged, type JournalEnd } from '@papertape/venue'

export interface Tail extends JournalEnd {
  readonly epoch: string
}

interface Slot {
  /** Counts the writes: the higher of the two slots is the newer. */
  readonly write: number
  /** null: nothing is expected of the journal. */
  readonly tail: Tail | null
}

/** Two records in turn, a disk sector each: a write that power cuts in the middle leaves the one before. */
const SLOT_BYTES = 512

export class TailRecord {
  readonly #file: number
  readonly #bytes = Buffer.alloc(SLOT_BYTES)
  #write: number

  /** Opens the record, and makes it when it is absent: it then expects nothing. */
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

  /** For a journal that is about to be begun anew; on the disk when it returns. */
  expectNothing(): void {
    // Both slots: the older one must not speak up again.
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
 * What the journal must hold; null when nothing is expected.
 * @throws {JournalDamaged} when the file is absent or neither of its records can be read.
 */
export function readTail(path: string): Tail | null {
  const slot = existsSync(path) ? readSlot(path) : undefined
  if (slot === undefined) {
    throw new JournalDamaged(`${path} is missing or cannot be read, so what was confirmed last is not known`)
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

/** A new file's name is on the disk only when its folder is. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, 'r')
  fsyncSync(file)
  closeSync(file)
}
