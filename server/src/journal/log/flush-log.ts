// The log of flushes: files to which each flush is appended and synced before it is published. The tables of SQLite get
// what it has later, in larger transactions. A file begins at a checkpoint, and is deleted when nothing needs it any
// more. Knows the bytes of a flush, not what they say. A disk is written by pages: a flush that fits in one is not put
// across two, and the file is longer than what it has, because to lengthen it writes its last page again. A file that
// ends within a flush ends before it: whether that flush was confirmed is known from the record of the journal's end
// (tail-record.ts). Used by sqlite-journal.ts.

import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { JournalDamaged } from '@papertape/venue'
import { JournalGone } from '../journal-failures.ts'
import { syncFolder } from '../tail-record.ts'
import { type JournalEnd, nextInChain } from './command-chain.ts'

export interface LoggedFlush {
  /** The last command before it. */
  readonly after: number
  /** Its last command. */
  readonly last: number
  /** The last public event, of this flush or of one before. */
  readonly lastEvent: number
  /** The hash of the chain up to it. */
  readonly chain: string
  readonly body: Buffer
}

export type NewFlush = Pick<LoggedFlush, 'last' | 'lastEvent' | 'body'>

export interface FlushLog {
  readonly end: JournalEnd
  /** Durable when it returns, as far as the implementation goes. */
  append(flush: NewFlush): void
  /**
   * The flushes with commands after a number, and those that follow.
   * @throws {JournalDamaged} where one is missing or not what was written.
   */
  flushesAfter(number: number): Iterable<LoggedFlush>
  /** The next flush begins a file. */
  rotate(): void
  /** Deletes the files that have only commands up to this number. */
  drop(number: number): void
  /** @throws {JournalGone} when the file that is written was deleted or replaced. */
  requireFile(): void
  close(): void
}

/** The first line of a file, as JSON. */
interface SegmentHead extends JournalEnd {
  /** The `log` entry of the journal that it belongs to. */
  readonly log: string
}

interface Segment extends SegmentHead {
  readonly path: string
  /** Kept by who only reads: a running server may delete the file. */
  readonly bytes: Buffer | undefined
}

interface SegmentFlush {
  readonly segment: Segment
  readonly flush: LoggedFlush
  /** Where it ends in the file. */
  readonly endByte: number
}

/** Length of the body, last command, last event; then the chain and the body. */
const HEAD_BYTES = 4 + 6 + 6
const CHAIN_BYTES = 32
/** Of the disk's cache. Before a flush that begins a page, and after the last one, are zeros. */
const PAGE_BYTES = 4_096
/** A file is lengthened by so much at a time, without anything being written there. */
const LENGTHENED_BY = 16 * PAGE_BYTES
const HEAD_LINE_MAX_BYTES = 400
/** As it is in the name of a file: of the command before its first. */
const FILE_NUMBER = /^(0|[1-9]\d{0,14})$/

/** `salvage`: reads without what is damaged. */
export type JournalAccess = 'write' | 'read' | 'salvage'

export interface FlushLogOptions {
  /** The journal's file; those of the log are beside it. */
  readonly journalFile: string
  /** Identifies the journal: files of another one are not read, and deleted when the log is written. */
  readonly log: string
  /** Where a log without a file begins. */
  readonly begin: JournalEnd
  readonly access: JournalAccess
}

export class FileFlushLog implements FlushLog {
  readonly #options: FlushLogOptions
  readonly #segments: Segment[]
  #file: number | undefined
  #inode = 0
  /** Where the last flush ends. */
  #bytes = 0
  /** Behind it are zeros up to here. */
  #fileBytes = 0
  #end: JournalEnd

  /** @throws {JournalDamaged} when files are missing between others, or a flush that is followed by another file. */
  constructor(options: FlushLogOptions) {
    this.#options = options
    this.#segments = readSegments(options)
    this.#end = this.#segments.at(-1) ?? options.begin
    let last: SegmentFlush | undefined
    for (last of this.#flushes(this.#segments)) this.#end = { number: last.flush.last, chain: last.flush.chain }
    if (options.access === 'write') this.#continue(last)
  }

  get end(): JournalEnd {
    return this.#end
  }

  /** The last command before those that it has. */
  get firstNumber(): number {
    return (this.#segments[0] ?? this.#options.begin).number
  }

  append({ last, lastEvent, body }: NewFlush): void {
    if (this.#file === undefined) this.#begin()
    const head = Buffer.alloc(HEAD_BYTES)
    head.writeUInt32LE(body.length, 0)
    head.writeUIntLE(last, 4, 6)
    head.writeUIntLE(lastEvent, 10, 6)
    const chain = nextInChain(this.#end.chain, head, body)
    const bytes = Buffer.concat([head, chain, body])
    const at = firstByteFor(bytes.length, this.#bytes)
    try {
      this.#lengthen(at + bytes.length)
      writeFully(this.#file!, bytes, at)
      fdatasyncSync(this.#file!)
    } catch (error) {
      // As if it had not been tried: a full disk may have room again.
      this.#truncate()
      throw error
    }
    this.#bytes = at + bytes.length
    this.#end = { number: last, chain: chain.toString('hex') }
  }

  *flushesAfter(number: number): Generator<LoggedFlush> {
    const first = this.#segments.findLastIndex(segment => segment.number <= number)
    for (const { flush } of this.#flushes(this.#segments.slice(Math.max(first, 0)))) {
      if (flush.last > number || flush.after >= number) yield flush
    }
  }

  rotate(): void {
    if (this.#file === undefined || this.#segments.at(-1)!.number === this.#end.number) return
    this.close()
    this.#begin()
  }

  drop(number: number): void {
    while (this.#segments.length > 1 && this.#segments[1]!.number <= number) {
      rmSync(this.#segments.shift()!.path, { force: true })
    }
  }

  requireFile(): void {
    if (this.#file === undefined) return
    const { path } = this.#segments.at(-1)!
    if (statSync(path, { throwIfNoEntry: false })?.ino === this.#inode) return
    throw new JournalGone(`${path} was removed or replaced while the server ran`)
  }

  close(): void {
    if (this.#file === undefined) return
    this.#truncate()
    closeSync(this.#file)
    this.#file = undefined
  }

  #lengthen(end: number): void {
    if (end <= this.#fileBytes) return
    this.#fileBytes = Math.ceil(end / LENGTHENED_BY) * LENGTHENED_BY
    ftruncateSync(this.#file!, this.#fileBytes)
  }

  /** To the flushes that it has. */
  #truncate(): void {
    ftruncateSync(this.#file!, this.#bytes)
    this.#fileBytes = this.#bytes
  }

  /** @param written the last flush that is whole */
  #continue(written: SegmentFlush | undefined): void {
    for (const path of filesOf(this.#options.journalFile)) {
      if (!this.#segments.some(segment => segment.path === path)) rmSync(path)
    }
    const last = this.#segments.at(-1)
    if (last === undefined) return
    this.#file = openSync(last.path, 'r+')
    this.#bytes = written?.segment === last ? written.endByte : headLine(last).length
    this.#truncate()
    fsyncSync(this.#file)
    this.#inode = statSync(last.path).ino
  }

  #begin(): void {
    const { journalFile, log } = this.#options
    const { number, chain } = this.#end
    const segment = { log, number, chain, path: `${prefixOf(journalFile)}${number}`, bytes: undefined }
    this.#file = openSync(segment.path, 'wx', 0o600)
    const line = headLine(segment)
    writeFully(this.#file, line, 0)
    fsyncSync(this.#file)
    syncFolder(dirname(segment.path))
    this.#bytes = line.length
    this.#fileBytes = line.length
    this.#inode = statSync(segment.path).ino
    this.#segments.push(segment)
  }

  *#flushes(segments: readonly Segment[]): Generator<SegmentFlush> {
    let end: JournalEnd | undefined
    for (const segment of segments) {
      const isCut = end !== undefined && (end.number !== segment.number || end.chain !== segment.chain)
      if (isCut && this.#options.access === 'salvage') return
      if (isCut) throw new JournalDamaged(`the commands from ${end!.number + 1} to ${segment.number} are missing`)
      end = segment
      for (const read of readFlushes(segment)) {
        end = { number: read.flush.last, chain: read.flush.chain }
        yield read
      }
    }
  }
}

/** The files of a log, whichever journal they belong to, in the order of their commands. */
export function filesOf(journalFile: string): string[] {
  const folder = dirname(journalFile)
  if (!existsSync(folder)) return []
  const prefix = basename(prefixOf(journalFile))
  const numbers = readdirSync(folder)
    .filter(name => name.startsWith(prefix) && FILE_NUMBER.test(name.slice(prefix.length)))
    .map(name => Number(name.slice(prefix.length)))
  return numbers.sort((a, b) => a - b).map(number => join(folder, `${prefix}${number}`))
}

function prefixOf(journalFile: string): string {
  return `${journalFile.replace(/\.sqlite$/, '')}.flushes-`
}

function readSegments({ journalFile, log, access }: FlushLogOptions): Segment[] {
  const segments: Segment[] = []
  for (const path of filesOf(journalFile)) {
    const bytes = readIfThere(path)
    const head = bytes && parseHead(bytes)
    if (head?.log === log) segments.push({ ...head, path, bytes: access === 'write' ? undefined : bytes })
  }
  return segments
}

/** A running server may have deleted it meanwhile. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** undefined for a file that was cut while it was created. */
function parseHead(bytes: Buffer): SegmentHead | undefined {
  const line = /^(.*)\n/.exec(bytes.toString('utf8', 0, HEAD_LINE_MAX_BYTES))?.[1]
  try {
    return line === undefined ? undefined : (JSON.parse(line) as SegmentHead)
  } catch {
    return undefined
  }
}

function headLine({ log, number, chain }: SegmentHead): Buffer {
  return Buffer.from(`${JSON.stringify({ log, number, chain })}\n`)
}

/** Up to the first that is not whole. */
function* readFlushes(segment: Segment): Generator<SegmentFlush> {
  const bytes = segment.bytes ?? readFileSync(segment.path)
  let { number: after, chain } = segment
  for (let at = headLine(segment).length; ; ) {
    at = skipZeros(bytes, at)
    if (at + HEAD_BYTES + CHAIN_BYTES > bytes.length) return
    const head = bytes.subarray(at, at + HEAD_BYTES)
    const bodyAt = at + HEAD_BYTES + CHAIN_BYTES
    const endByte = bodyAt + head.readUInt32LE(0)
    const body = bytes.subarray(bodyAt, endByte)
    if (endByte > bytes.length || !nextInChain(chain, head, body).equals(bytes.subarray(at + HEAD_BYTES, bodyAt)))
      return
    chain = bytes.toString('hex', at + HEAD_BYTES, bodyAt)
    const last = head.readUIntLE(4, 6)
    yield { segment, flush: { after, last, lastEvent: head.readUIntLE(10, 6), chain, body }, endByte }
    after = last
    at = endByte
  }
}

/** The end of the file, or the page after it when the flush is on fewer pages there. */
function firstByteFor(length: number, end: number): number {
  const next = Math.ceil(end / PAGE_BYTES) * PAGE_BYTES
  return end + length > next + Math.floor((length - 1) / PAGE_BYTES) * PAGE_BYTES ? next : end
}

/**
 * Where a page has three bytes left or fewer, a flush begins there only if its length does not begin with a zero byte.
 * @returns the same byte, or the first of the next page when there is nothing before it
 */
function skipZeros(bytes: Buffer, from: number): number {
  const next = Math.ceil(from / PAGE_BYTES) * PAGE_BYTES
  return bytes.subarray(from, next).every(byte => byte === 0) ? next : from
}

function writeFully(file: number, bytes: Buffer, at: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, at + written)
  }
}
