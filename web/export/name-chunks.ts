// A step of the build: names each chunk by its content and by the content of all that it leads to. Browsers keep a
// chunk for ever under its name. A chunk that names others has new content when one of those has a new name, so it
// needs a new name as well: else a browser would keep one that asks for files of an earlier build.

import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { CHUNKS, type ExportedTexts, referencesIn, renameReferences } from './exported-texts.ts'

/** Changes the texts. */
export function nameChunks(texts: ExportedTexts): void {
  const chunks = new Map([...texts].filter(([path]) => path.startsWith(CHUNKS)))
  const names = new Map([...chunks.keys()].map(path => nameOf(path, chunks)))
  const renamed = [...texts].map(([path, text]): [string, string] => {
    const name = path.startsWith(CHUNKS) ? names.get(path.slice(CHUNKS.length)) : undefined
    return [name === undefined ? path : CHUNKS + name, renameReferences(text, names)]
  })
  texts.clear()
  for (const [path, text] of renamed) texts.set(path, text)
}

/** Chunks may lead to each other in circles: the names of what a chunk leads to cannot be part of its own. */
function nameOf(path: string, chunks: ReadonlyMap<string, string>): [from: string, to: string] {
  const reached = new Set([path])
  for (const one of reached)
    for (const name of referencesIn(chunks.get(one)!)) if (chunks.has(CHUNKS + name)) reached.add(CHUNKS + name)
  const hash = createHash('sha256')
  for (const one of reached) hash.update(chunks.get(one)!)
  return [path.slice(CHUNKS.length), hash.digest('hex').slice(0, 16) + extname(path)]
}
