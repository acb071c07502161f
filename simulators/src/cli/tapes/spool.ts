// A copy of an input that can be read by position: for recordings that come packed, through a pipe or with CRLF. The copy is
// gone when the process is.

import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InputFile } from '../../input/input-file.ts'
import { writeFailure } from '../failure.ts'

/** Answers the path of the copy. @throws {CliFailure} */
export async function spool(input: InputFile): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-input-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'input')
  try {
    const copy = await open(path, 'wx')
    try {
      for await (const piece of input.bytes()) await copy.writeFile(piece)
    } finally {
      await copy.close()
    }
  } catch (error) {
    throw writeFailure(error, path)
  }
  return path
}
