// The last step of the build: merges the scripts that a page of the export loads at its start into few files. Turbopack
// makes a file for each set of modules that routes share, a dozen for a page, and has no setting for it; each is a
// request. Chunks register their modules under ids, so they can follow each other in one file. Scripts that are loaded
// later (`import()`) stay as they are.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'

const CHUNKS = '_next/static/chunks'
/** The files of the export that name chunks. */
const NAMES_CHUNKS = new Set(['.html', '.txt', '.js'])
const INITIAL_SCRIPT = /<script src="[^"]*\/_next\/static\/chunks\/([^"/]+\.js)"[^>]*><\/script>/g

/** Each text that was read, to be written back when it has changed. */
type Texts = Map<string, string>

function readTexts(folder: string): Texts {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile() && NAMES_CHUNKS.has(extname(entry.name)),
  )
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [relative(folder, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]
    }),
  )
}

/** The scripts that a page starts with, in their order, without those for old browsers (`noModule`). */
function initialScripts(html: string): string[] {
  const scripts = [...html.matchAll(INITIAL_SCRIPT)].filter(([tag]) => !/nomodule/i.test(tag))
  return [...new Set(scripts.map(([, name]) => name!))]
}

/** A list of scripts with the runtime among them is that of a Web Worker. */
const WORKER_LIST = /\["[^"\]]*static\/chunks\/[^\]]*turbopack-[^\]]*\]/g

/** What workers load. Their loader counts on a script being one chunk. */
function workerScripts(texts: Texts): ReadonlySet<string> {
  const lists = [...texts].filter(([path]) => path.endsWith('.js')).flatMap(([, text]) => text.match(WORKER_LIST) ?? [])
  return new Set(lists.flatMap(list => [...list.matchAll(/chunks\/([^"/]+\.js)"/g)].map(([, name]) => name!)))
}

/** Scripts by the pages that load them. Each group can be one file: no page then loads what it does not need. */
function groupByPages(pages: ReadonlyMap<string, readonly string[]>): string[][] {
  const groups = new Map<string, string[]>()
  for (const script of new Set([...pages.values()].flat())) {
    const users = [...pages].filter(([, scripts]) => scripts.includes(script)).map(([page]) => page)
    const key = users.join(' ')
    groups.set(key, [...(groups.get(key) ?? []), script])
  }
  return [...groups.values()]
}

/** A tag for a script that the page has named already would request nothing, and says nothing. */
function dropRepeatedTags(html: string): string {
  const seen = new Set<string>()
  return html.replace(INITIAL_SCRIPT, (tag, name: string) => {
    if (seen.has(name)) return ''
    seen.add(name)
    return tag
  })
}

/**
 * @param folder the export
 * @param ignored pages that decide nothing: they load what the others have
 * @returns how many scripts became how many
 */
export function mergeScripts(
  folder: string,
  ignored: readonly string[] = ['404.html', '404/index.html', '_not-found/index.html'],
): { readonly before: number; readonly after: number } {
  const texts = readTexts(folder)
  const pages = new Map(
    [...texts]
      .filter(([path]) => path.endsWith('.html') && !ignored.includes(path))
      .map(([path, html]) => [path, initialScripts(html)]),
  )
  if ([...pages.values()].some(scripts => scripts.length === 0)) throw new Error(`${folder}: a page has no scripts`)
  const alone = workerScripts(texts)
  const groups = groupByPages(pages)
    .map(group => group.filter(name => !alone.has(name)))
    .filter(({ length }) => length > 1)
  for (const group of groups) mergeGroup(folder, texts, group)
  for (const [path, text] of texts)
    writeFileSync(join(folder, path), path.endsWith('.html') ? dropRepeatedTags(text) : text)
  return { before: groups.flat().length, after: groups.length }
}

function mergeGroup(folder: string, texts: Texts, group: readonly string[]): void {
  const merged = group
    .map(name => texts.get(`${CHUNKS}/${name}`)!.replace(/\s*\/\/# sourceMappingURL=.*\s*$/, ''))
    .join('\n')
  const name = `${createHash('sha256').update(merged).digest('hex').slice(0, 16)}.js`
  for (const chunk of group) {
    texts.delete(`${CHUNKS}/${chunk}`)
    rmSync(join(folder, CHUNKS, chunk))
  }
  texts.set(`${CHUNKS}/${name}`, merged)
  for (const [path, text] of texts) {
    texts.set(
      path,
      group.reduce((changed, chunk) => changed.replaceAll(`chunks/${chunk}`, `chunks/${name}`), text),
    )
  }
}

if (import.meta.main) {
  const { before, after } = mergeScripts(join(import.meta.dirname, '../out'))
  process.stdout.write(`Merged ${before} scripts into ${after}.\n`)
}
