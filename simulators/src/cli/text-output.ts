// Where a command's text goes, with its SHA-256 on the way: a file that grows as FILE.partial and is renamed when it is
// whole, or nowhere. Never overwrites unasked. What was begun can be kept and gone on with, or taken away.

import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { failed, fileFailure } from './failure.ts'

export interface TextOutput {
  write(text: string | Uint8Array): Promise<void>
  /** The bytes are safe and have their name; answers their SHA-256, hex. */
  finish(): Promise<string>
  /** Leaves FILE.partial as it is, safe on the disk. */
  keep(): Promise<void>
  /** Removes what was written. Answers the name of the removed file, if there was one. */
  discard(): Promise<string | undefined>
  readonly bytes: number
}

export function partialOf(file: string): string {
  return `${file}.partial`
}

/** @throws {CliFailure} */
export function refuseToOverwrite(file: string, force: boolean): void {
  if (!force && existsSync(file)) throw failed(`${file} exists; give another name, or --force to overwrite it`)
}

/**
 * @param file undefined: the bytes are counted and hashed alone.
 * @param keptBytes how much of an unfinished FILE.partial it goes on from; 0 starts anew.
 * @throws {CliFailure} when the file cannot be made.
 */
export async function openTextOutput(file: string | undefined, keptBytes = 0): Promise<TextOutput> {
  const hash = createHash('sha256')
  const partial = file === undefined ? '' : partialOf(file)
  let handle: FileHandle | undefined
  let inode = 0
  let bytes = 0

  async function guarded<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action()
    } catch (error) {
      throw fileFailure(error, file!, 'write')
    }
  }

  async function write(text: string | Uint8Array): Promise<void> {
    const piece = typeof text === 'string' ? Buffer.from(text) : text
    hash.update(piece)
    bytes += piece.length
    await guarded(async () => handle?.writeFile(piece))
  }

  async function close(): Promise<void> {
    const open = handle
    handle = undefined
    await open?.close()
  }

  /** Nobody else has taken the name since. Answers the size of the file. */
  async function ownSize(): Promise<number | undefined> {
    if (!existsSync(partial)) return undefined
    const { ino, size } = await stat(partial)
    return ino === inode ? size : undefined
  }

  /** A new one is a file of its own: another command that takes the same name is found out at the end. */
  async function begin(): Promise<void> {
    if (keptBytes === 0) await rm(partial, { force: true })
    handle = await open(partial, keptBytes === 0 ? 'wx' : 'a')
    const { ino, size } = await handle.stat()
    inode = ino
    if (keptBytes === 0) return
    if (size < keptBytes) throw failed(`${partial} is shorter than it was when it was left; --fresh starts over`)
    await handle.truncate(keptBytes)
    for await (const chunk of createReadStream(partial)) hash.update(chunk)
    bytes = keptBytes
  }

  if (file !== undefined) {
    await guarded(begin).catch(async error => {
      await close()
      throw error
    })
  }

  return {
    get bytes() {
      return bytes
    },
    write,
    async finish() {
      await guarded(async () => {
        if (file === undefined) return
        await handle!.sync()
        await close()
        if ((await ownSize()) !== bytes) throw failed(`${partial} belongs to another command by now; give another name`)
        await rename(partial, file)
      })
      return hash.digest('hex')
    },
    async keep() {
      await guarded(async () => {
        await handle?.sync()
        await close()
      })
    },
    async discard() {
      await close().catch(() => {})
      if ((await ownSize()) === undefined) return undefined
      await rm(partial, { force: true })
      return partial
    },
  }
}
