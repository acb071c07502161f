// Where a tape's bytes go, with their SHA-256 on the way: a file under a temporary name that is renamed when it is whole,
// or nowhere. What is not finished is taken away again. Never overwrites unasked.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { failed, fileFailure } from './failure.ts'

export interface TapeOutput {
  write(text: string): Promise<void>
  /** The bytes are safe and have their name; answers their SHA-256, hex. */
  finish(): Promise<string>
  /** Removes what was written. Answers the name of the removed file, if there was one. */
  discard(): Promise<string | undefined>
  readonly bytes: number
}

/** @throws {CliFailure} when the file exists, unless it is to be overwritten, or cannot be made. */
export async function openTapeOutput(file: string | undefined, force: boolean): Promise<TapeOutput> {
  const hash = createHash('sha256')
  const temporary = file === undefined ? undefined : `${file}.${process.pid}.part`
  let handle: FileHandle | undefined
  let bytes = 0

  async function guarded<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action()
    } catch (error) {
      throw fileFailure(error, file!, 'write')
    }
  }

  if (file !== undefined) {
    if (!force && existsSync(file)) throw failed(`${file} exists; give another name, or --force to overwrite it`)
    handle = await guarded(() => open(temporary!, 'wx'))
  }

  return {
    get bytes() {
      return bytes
    },
    async write(text) {
      const piece = Buffer.from(text)
      hash.update(piece)
      bytes += piece.length
      await guarded(async () => handle?.writeFile(piece))
    },
    async finish() {
      await guarded(async () => {
        await handle?.sync()
        await handle?.close()
        handle = undefined
        if (file !== undefined) await rename(temporary!, file)
      })
      return hash.digest('hex')
    },
    async discard() {
      await handle?.close().catch(() => {})
      handle = undefined
      if (temporary === undefined || !existsSync(temporary)) return undefined
      await rm(temporary, { force: true })
      return temporary
    },
  }
}
