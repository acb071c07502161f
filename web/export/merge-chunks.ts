// The last step of the build: merges the scripts and style sheets that a page of the export loads at its start into few
// files. Turbopack makes a file for each set of modules that routes share, a dozen for a page (seven at least, with its
// `turbopackChunking`); each is a request. Chunks register their modules under ids, so they can follow each other in
// one file. What is loaded later (`import()`) stays as it is.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'

const CHUNKS = '_next/static/chunks'
/** The files of the export that name chunks, and the style sheets. */
const READ = new Set(['.html', '.txt', '.js', '.css'])
const INITIAL_SCRIPT = /<script src="[^"]*\/_next\/static\/chunks\/([^"/]+\.js)"[^>]*><\/script>/g
const STYLE_SHEET = /<link rel="stylesheet" href="[^"]*\/_next\/static\/chunks\/([^"/]+\.css)"[^>]*\/>/g

/** Each text that was read, to be written back when it has changed. */
type Texts = Map<string, string>

function readTexts(folder: string): Texts {
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

/** The names in the tags, in their order, without the scripts for old browsers (`noModule`). */
function namesIn(html: string, tags: RegExp): string[] {
  const found = [...html.matchAll(tags)].filter(([tag]) => !/nomodule/i.test(tag))
  return [...new Set(found.map(([, name]) => name!))]
}

/** A list of scripts with the runtime among them is that of a Web Worker. Its loader counts on one chunk a script. */
const WORKER_LIST = /(\["[^"\]]*static\/chunks\/[^\]]*turbopack-[^\]]*\])/g

/** What workers load. */
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

/**
 * All style sheets in an order that each page has. They are one file for all pages: together they are smaller than the
 * smallest script.
 */
function inOrderOfPages(pages: ReadonlyMap<string, readonly string[]>): string[] {
  const lists = [...pages.values()].map(list => [...list])
  const order: string[] = []
  for (
    let left = lists.filter(({ length }) => length > 0);
    left.length > 0;
    left = left.filter(one => one.length > 0)
  ) {
    const next = left.map(([first]) => first!).find(name => left.every(list => !list.slice(1).includes(name)))
    if (next === undefined) throw new Error('The pages have the same style sheets in different orders')
    order.push(next)
    for (const list of left) if (list[0] === next) list.shift()
  }
  return order
}

/** A tag for a file that the page has named already would request nothing, and says nothing. */
function dropRepeatedTags(html: string): string {
  const seen = new Set<string>()
  const once = (tag: string, name: string) => {
    if (seen.has(name)) return ''
    seen.add(name)
    return tag
  }
  return html.replace(INITIAL_SCRIPT, once).replace(STYLE_SHEET, once)
}

/**
 * @param folder the export
 * @param ignored pages that decide nothing: they load what the others have
 * @returns how many files became how many
 */
export function mergeChunks(
  folder: string,
  ignored: readonly string[] = ['404.html', '404/index.html', '_not-found/index.html'],
): { readonly before: number; readonly after: number } {
  const texts = readTexts(folder)
  const pages = [...texts].filter(([path]) => path.endsWith('.html') && !ignored.includes(path))
  const namesOf = (tags: RegExp) => new Map(pages.map(([path, html]) => [path, namesIn(html, tags)]))
  const scripts = namesOf(INITIAL_SCRIPT)
  if ([...scripts.values()].some(({ length }) => length === 0)) throw new Error(`${folder}: a page has no scripts`)
  const ofWorkers = workerScripts(texts)
  const groups = [...groupByPages(scripts), inOrderOfPages(namesOf(STYLE_SHEET))].filter(({ length }) => length > 1)
  for (const group of groups) mergeGroup(folder, texts, group, ofWorkers)
  for (const [path, text] of texts)
    writeFileSync(join(folder, path), path.endsWith('.html') ? dropRepeatedTags(text) : text)
  return { before: groups.flat().length, after: groups.length }
}

function mergeGroup(folder: string, texts: Texts, group: readonly string[], ofWorkers: ReadonlySet<string>): void {
  const merged = group
    .map(name => texts.get(`${CHUNKS}/${name}`)!.replace(/\s*(\/\/|\/\*)# sourceMappingURL=.*\s*$/, ''))
    .join('\n')
  const name = `${createHash('sha256').update(merged).digest('hex').slice(0, 16)}${extname(group[0]!)}`
  for (const chunk of group.filter(one => !ofWorkers.has(one))) {
    texts.delete(`${CHUNKS}/${chunk}`)
    rmSync(join(folder, CHUNKS, chunk))
  }
  texts.set(`${CHUNKS}/${name}`, merged)
  const rename = (text: string) =>
    group.reduce((changed, chunk) => changed.replaceAll(`chunks/${chunk}`, `chunks/${name}`), text)
  for (const [path, text] of texts) {
    const parts = text.split(WORKER_LIST)
    texts.set(path, parts.map((part, index) => (index % 2 === 0 ? rename(part) : part)).join(''))
  }
}

if (import.meta.main) {
  const { before, after } = mergeChunks(join(import.meta.dirname, '../out'))
  process.stdout.write(`Merged ${before} files into ${after}.\n`)
}
