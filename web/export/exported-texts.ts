// The files of the export that name its scripts and style sheets ("chunks"), as texts that the steps of the build
// change in memory. Binary files are not among them.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'

/** By path in the export, with `/`. */
export type ExportedTexts = Map<string, string>

export const CHUNKS = '_next/static/chunks/'
const READ = new Set(['.html', '.txt', '.js', '.css'])

export function readTexts(folder: string): ExportedTexts {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile() && READ.has(extname(entry.name)),
  )
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [relative(folder, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]
    }),
  )
}

/** Removes the files that are not among the texts any more, and writes the others. */
export function writeTexts(folder: string, texts: ExportedTexts): void {
  for (const path of readTexts(folder).keys()) if (!texts.has(path)) rmSync(join(folder, path))
  for (const [path, text] of texts) writeFileSync(join(folder, path), text)
}

/** Every reference to a chunk: in tags, in lists of what to load, in the data of a route. */
const REFERENCE = /(chunks\/)([\w.-]+\.(?:js|css))/g

export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map(([, , name]) => name!)
}

/** @param names the new name of a chunk by its present one; others stay */
export function renameReferences(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(REFERENCE, (_, folder: string, name: string) => folder + (names.get(name) ?? name))
}
