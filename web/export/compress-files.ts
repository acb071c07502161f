// A step of the build: writes the files of the export with Brotli beside them, as the server sends them at the root
// path. At the server's own start the best quality would take seconds.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { BASE_PATH } from '../base-path.ts'

const COMPRESSED = new Set(['.html', '.js', '.css'])
/** A hundredth larger than at 11, in half of the time. */
const QUALITY = 10

/** Writes `NAME.br` for each of these files. */
export function compressFiles(folder: string): void {
  for (const { parentPath, name } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!COMPRESSED.has(extname(name))) continue
    const path = join(parentPath, name)
    const bytes = Buffer.from(readFileSync(path, 'utf8').replaceAll(BASE_PATH, ''))
    const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
  }
}
