// Opens an input file by its content, not by its name: plain or gzip, with or without a byte order mark, LF or CRLF, a
// regular file or a pipe. Reads in pieces: no size limit. Refuses what is not text. For all commands and the server's
// --replay.

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputFailure, readFailure } from './input-failure.ts'

export interface InputFile {
  /** As given by the user, for messages. */
  readonly file: string
  /** Without its end, at most 64 KiB; '' when the file is empty. */
  readonly firstLine: string
  /** The bytes of the file are its text: it can also be read by position. */
  readonly isPlain: boolean
  /** The whole text with LF line ends. The input is read once: use either this or lines(). */
  bytes(): AsyncGenerator<Buffer>
  /** All lines without their ends, in batches. */
  lines(): AsyncGenerator<readonly string[]>
  /** Lines yielded by lines() so far. */
  readonly lineCount: number
  /** The last line of lines() has no end. */
  readonly isCut: boolean
  close(): Promise<void>
}

const STDIN = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'])
const CHUNK_BYTES = 1 << 18
/** Bytes read to detect the format. */
const HEAD_BYTES = 1 << 16
/** Longer than any valid line; snapshots in recordings are the longest. */
const LINE_BYTES_MAX = 1 << 26
/** Valid text compresses to about a tenth; zeros to a thousandth. */
const UNPACKED_RATIO_MAX = 200
const UNPACKED_FREE_BYTES = 1 << 30

const CR = 13
const LF = 10
const PACKED: readonly [name: string, magic: readonly number[], unpack: string][] = [
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd], 'zstd -d'],
  ['bzip2', [0x42, 0x5a, 0x68], 'bunzip2'],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'unxz'],
  ['zip', [0x50, 0x4b, 0x03, 0x04], 'unzip'],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf], '7z x'],
]

/**
 * @param offset where to start in a plain file.
 * @throws {InputFailure} when it cannot be read or is not text.
 */
export async function openInput(file: string, offset = 0): Promise<InputFile> {
  const isRegular = await checkReadable(file)
  const source = openSource(file, offset)
  let pieces = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>

  const read = async (): Promise<Buffer | undefined> => {
    try {
      const { value, done } = await pieces.next()
      return done === true ? undefined : value
    } catch (error) {
      throw gzipFailure(error, file) ?? readFailure(error, file)
    }
  }
  const readHead = async (bytes: number, start: Buffer = Buffer.alloc(0)): Promise<Buffer> => {
    let head = start
    while (head.length < bytes) {
      const more = await read()
      if (more === undefined) break
      head = Buffer.concat([head, more])
    }
    return head
  }

  let head = await readHead(8)
  const isPacked = startsWith(head, [0x1f, 0x8b])
  if (isPacked) {
    pieces = unpack(head, pieces, file)
    head = await readHead(8)
    if (startsWith(head, [0x1f, 0x8b]))
      throw new InputFailure(file, 'it is compressed with gzip twice: decompress it once')
  }
  // The first line of a pipe may arrive long before the rest.
  head = await readLine(head)
  checkText(head, file)
  const hasMark = startsWith(head, [0xef, 0xbb, 0xbf])
  let rest: Buffer = hasMark ? head.subarray(3) : head
  const firstEnd = rest.indexOf(LF)
  const firstLine = rest
    .subarray(0, firstEnd < 0 ? HEAD_BYTES : firstEnd)
    .toString()
    .replace(/\r$/, '')
  const hasCrlf = firstEnd > 0 && rest[firstEnd - 1] === CR

  async function readLine(start: Buffer): Promise<Buffer> {
    let line = start
    while (line.length < HEAD_BYTES && !line.includes(LF)) {
      const more = await read()
      if (more === undefined) break
      line = Buffer.concat([line, more])
    }
    return line
  }

  async function* bytes(): AsyncGenerator<Buffer> {
    let carried: Buffer = Buffer.alloc(0)
    for (let piece: Buffer | undefined = rest; piece !== undefined; piece = await read()) {
      rest = Buffer.alloc(0)
      const whole = carried.length === 0 ? piece : Buffer.concat([carried, piece])
      // The LF of a CR at the end may be in the next piece.
      const end = whole.at(-1) === CR ? whole.length - 1 : whole.length
      carried = whole.subarray(end)
      if (end > 0) yield withoutCrs(whole.subarray(0, end))
    }
    if (carried.length > 0) yield carried
  }

  let lineCount = 0
  let isCut = false

  async function* lines(): AsyncGenerator<readonly string[]> {
    let parts: Buffer[] = []
    let partBytes = 0
    for await (const piece of bytes()) {
      const end = piece.lastIndexOf(LF)
      if (end < 0) {
        parts.push(piece)
        partBytes += piece.length
        if (partBytes > LINE_BYTES_MAX) {
          throw new InputFailure(
            file,
            `line ${lineCount + 1} is longer than ${LINE_BYTES_MAX >> 20} MiB: this is not text`,
          )
        }
        continue
      }
      const text = Buffer.concat([...parts, piece.subarray(0, end)]).toString()
      parts = [piece.subarray(end + 1)]
      partBytes = parts[0]!.length
      const found = text.split('\n')
      lineCount += found.length
      yield found
    }
    if (partBytes === 0) return
    isCut = true
    lineCount++
    yield [Buffer.concat(parts).toString()]
  }

  return {
    file,
    firstLine,
    isPlain: isRegular && !isPacked && !hasMark && !hasCrlf,
    bytes,
    lines,
    get lineCount() {
      return lineCount
    },
    get isCut() {
      return isCut
    },
    async close() {
      source.destroy()
      await pieces.return?.()
    },
  }
}

/** Returns whether it is a regular file. */
async function checkReadable(file: string): Promise<boolean> {
  if (STDIN.has(file)) return false
  try {
    const found = await stat(file)
    if (found.isDirectory()) throw new InputFailure(file, 'that is a folder', `cannot read ${file}: that is a folder`)
    return found.isFile()
  } catch (error) {
    throw readFailure(error, file)
  }
}

/** Stdin is not opened by name: /dev/stdin may not be openable. */
function openSource(file: string, offset: number): Readable {
  if (STDIN.has(file)) return process.stdin
  // With `start`, even 0, the stream reads by position, which a pipe does not support.
  const start = offset === 0 ? {} : { start: offset }
  return createReadStream(file, { highWaterMark: CHUNK_BYTES, ...start })
}

/** The decompressed bytes. Stops at a decompression bomb. */
async function* unpack(head: Buffer, rest: AsyncIterator<Buffer>, file: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  let packed = 0
  async function* packedPieces() {
    for (let piece = head; ; ) {
      packed += piece.length
      yield piece
      const next = await rest.next()
      if (next.done === true) return
      piece = next.value
    }
  }
  pipeline(Readable.from(packedPieces()), gunzip, () => {})
  let unpacked = 0
  for await (const piece of gunzip as AsyncIterable<Buffer>) {
    unpacked += piece.length
    if (unpacked > UNPACKED_FREE_BYTES && unpacked > packed * UNPACKED_RATIO_MAX) {
      throw new InputFailure(
        file,
        `it decompresses to more than ${UNPACKED_RATIO_MAX} times its size: this is not a tape`,
      )
    }
    yield piece
  }
}

function gzipFailure(error: unknown, file: string): Error | undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR') return new InputFailure(file, 'its gzip data is truncated')
  return code?.startsWith('Z_') === true ? new InputFailure(file, 'it is not a valid gzip file') : undefined
}

function checkText(head: Buffer, file: string): void {
  if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) {
    throw new InputFailure(file, 'it is UTF-16 text: save it as UTF-8')
  }
  for (const [name, magic, command] of PACKED) {
    if (startsWith(head, magic))
      throw new InputFailure(file, `it is compressed with ${name}: decompress it first (${command})`)
  }
  if (head.subarray(0, HEAD_BYTES).includes(0)) throw new InputFailure(file, 'it is not text: it has null bytes')
  for (let at = head.indexOf(CR); at >= 0 && at < head.length - 1; at = head.indexOf(CR, at + 1)) {
    if (head[at + 1] === LF) continue
    throw new InputFailure(file, "its lines end with CR only: convert them first (tr '\\r' '\\n')")
  }
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte)
}

/** Removes CRs before LFs; returns the piece itself when there are none. */
function withoutCrs(piece: Buffer): Buffer {
  if (!piece.includes(CR)) return piece
  const kept = Buffer.alloc(piece.length)
  let length = 0
  let from = 0
  for (let at = piece.indexOf(CR); at >= 0; at = piece.indexOf(CR, at + 1)) {
    if (piece[at + 1] !== LF) continue
    length += piece.copy(kept, length, from, at)
    from = at + 1
  }
  length += piece.copy(kept, length, from)
  return kept.subarray(0, length)
}
