// Text output with its SHA-256: to a file that is written as FILE.partial and renamed when complete, to standard
// output, or to nowhere. Replaces files only with --force. An unfinished file can be kept and resumed, or removed.

import { createHash } from 'node:crypto'
import { createReadStream, existsSync, lstatSync, type Stats } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { failed, writeFailure } from '../failure.ts'
import { STDOUT, writeOut } from './std-streams.ts'

export interface TextOutput {
  write(text: string | Uint8Array): Promise<void>
  /** Syncs and renames the file; returns the SHA-256 of its bytes, hex. */
  finish(): Promise<string>
  /** Keeps FILE.partial, synced when the disk has room. */
  keep(): Promise<void>
  /** Removes what was written. Returns the name of the removed file, if any. */
  discard(): Promise<string | undefined>
  readonly bytes: number
}

/**
 * How much of an unfinished FILE.partial is kept: a number of bytes, or `same`: all that is equal to what is written.
 */
export type Kept = number | 'same'

export function partialOf(file: string): string {
  return `${file}.partial`
}

/** @throws {CliFailure} when the file exists and may not be replaced: only regular files are. */
export function refuseToReplace(file: string, force: boolean): void {
  if (file === STDOUT) return
  const found = statOf(file)
  if (found === undefined) return
  if (!found.isFile()) {
    const hint = found.isCharacterDevice() || found.isFIFO() ? '; --out - writes to standard output' : ''
    throw failed(`${file} is ${kindOf(found)}, and only regular files are replaced: give another name${hint}`)
  }
  if (!force) throw failed(`${file} exists; give another name, or --force to replace it`)
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false })
  } catch (error) {
    throw writeFailure(error, file)
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isSymbolicLink()) return 'a symbolic link'
  if (found.isFIFO()) return 'a pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

/**
 * @param file undefined: the bytes are only counted and hashed.
 * @throws {CliFailure} when the file cannot be created.
 */
export async function openTextOutput(file: string | undefined, kept: Kept = 0): Promise<TextOutput> {
  if (file === undefined) return streamOutput(async () => {})
  return file === STDOUT ? streamOutput(writeOut) : openFileOutput(file, kept)
}

function streamOutput(send: (piece: Uint8Array) => Promise<void>): TextOutput {
  const hash = createHash('sha256')
  let bytes = 0
  return {
    get bytes() {
      return bytes
    },
    async write(text) {
      const piece = bytesOf(text)
      hash.update(piece)
      bytes += piece.length
      await send(piece)
    },
    finish: async () => hash.digest('hex'),
    keep: async () => {},
    discard: async () => undefined,
  }
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text) : text
}

async function openFileOutput(file: string, kept: Kept): Promise<TextOutput> {
  const hash = createHash('sha256')
  const partial = partialOf(file)
  let handle: FileHandle | undefined
  let inode = 0
  let bytes = 0
  /** So far equal to what an earlier command has written. */
  let repeats = kept === 'same'

  async function guarded<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action()
    } catch (error) {
      throw writeFailure(error, file)
    }
  }

  async function write(text: string | Uint8Array): Promise<void> {
    const piece = bytesOf(text)
    if (!repeats || !(await isThere(piece))) await guarded(() => append(piece))
    hash.update(piece)
    bytes += piece.length
  }

  async function append(piece: Uint8Array): Promise<void> {
    if (repeats) await handle!.truncate(bytes)
    repeats = false
    for (let done = 0; done < piece.length; ) {
      const { bytesWritten } = await handle!.write(piece, done, piece.length - done, bytes + done)
      done += bytesWritten
    }
  }

  /** Whether the earlier command wrote the same bytes there. */
  async function isThere(piece: Uint8Array): Promise<boolean> {
    const { buffer, bytesRead } = await handle!.read(Buffer.alloc(piece.length), 0, piece.length, bytes)
    return bytesRead === piece.length && buffer.equals(piece)
  }

  async function close(): Promise<void> {
    const open = handle
    handle = undefined
    await open?.close()
  }

  /** The size of the file; undefined when another command has replaced it. */
  async function ownSize(): Promise<number | undefined> {
    if (!existsSync(partial)) return undefined
    const { ino, size } = await stat(partial)
    return ino === inode ? size : undefined
  }

  /** A new file has its own inode: finish() detects another command that uses the same name. */
  async function begin(): Promise<void> {
    if (kept === 0) await rm(partial, { force: true })
    // Two commands that resume the same file both append; finish() detects it by the size.
    handle = await open(partial, kept === 0 ? 'wx' : kept === 'same' ? 'r+' : 'a+')
    const { ino, size } = await handle.stat()
    inode = ino
    if (kept === 0 || kept === 'same') return
    if (size < kept) throw failed(`${partial} is shorter than when it was interrupted; --fresh starts over`)
    await handle.truncate(kept)
    for await (const chunk of createReadStream(partial)) hash.update(chunk)
    bytes = kept
  }

  await guarded(begin).catch(async error => {
    await close()
    throw error
  })

  return {
    get bytes() {
      return bytes
    },
    write,
    async finish() {
      await guarded(async () => {
        if (repeats) await handle!.truncate(bytes)
        await handle!.sync()
        await close()
        if ((await ownSize()) !== bytes) throw failed(`${partial} was replaced by another command; give another name`)
        await rename(partial, file)
      })
      return hash.digest('hex')
    },
    async keep() {
      // Sync may fail on a full disk; the file is kept anyway.
      await handle?.sync().catch(() => {})
      await guarded(close)
    },
    async discard() {
      await close().catch(() => {})
      if ((await ownSize()) === undefined) return undefined
      await rm(partial, { force: true })
      return partial
    },
  }
}
