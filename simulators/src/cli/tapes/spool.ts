// Copies an input to a temporary file that can be read by position: for recordings that are compressed, have CRLF, or
// come through a pipe. The copy is removed when the process exits.

import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InputFile } from '../../input/input-file.ts'
import { writeFailure } from '../failure.ts'

/** Returns the path of the copy. @throws {CliFailure} */
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
