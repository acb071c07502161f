// A step of the build: merges chunks that are always loaded together. Turbopack makes a file for each set of modules
// that routes share, a dozen for a page (seven at least, with its `turbopackChunking`), and several for an `import()`;
// each is a request. Chunks register their modules under ids, so they can follow each other in one file. Merged files
// have provisional names: name-chunks.ts gives the final ones.

import { extname } from 'node:path'
import { CHUNKS, type ExportedTexts, renameReferences } from './exported-texts.ts'

const INITIAL_SCRIPT = /<script src="[^"]*\/_next\/static\/chunks\/([^"/]+\.js)"[^>]*><\/script>/g
const STYLE_SHEET = /<link rel="stylesheet" href="[^"]*\/_next\/static\/chunks\/([^"/]+\.css)"[^>]*\/>/g
/** What an `import()` loads. */
const IMPORT_LIST = /(?<=Promise\.all\(\[)("static\/chunks\/[^\]]*)(?=\])/g
/** A list of scripts with the runtime among them is that of a Web Worker. Its loader counts on one chunk a script. */
const WORKER_LIST = /(\["[^"\]]*static\/chunks\/[^\]]*turbopack-[^\]]*\])/g

/** Pages that decide nothing: they load what the others have. */
const IGNORED: readonly string[] = ['404.html', '404/index.html', '_not-found/index.html']

/**
 * Changes the texts.
 * @returns how many files became how many
 */
export function mergeChunks(texts: ExportedTexts): { readonly before: number; readonly after: number } {
  const pages = [...texts].filter(([path]) => path.endsWith('.html') && !IGNORED.includes(path))
  const namesOf = (tags: RegExp) => new Map(pages.map(([path, html]) => [path, namesIn(html, tags)]))
  const scripts = namesOf(INITIAL_SCRIPT)
  if ([...scripts.values()].some(({ length }) => length === 0)) throw new Error('A page of the export has no scripts')
  const groups = [
    ...groupByPages(scripts),
    inOrderOfPages(namesOf(STYLE_SHEET)),
    ...groupByImports(texts, new Set([...scripts.values()].flat())),
  ].filter(({ length }) => length > 1)

  const names = new Map<string, string>()
  const ofWorkers = workerScripts(texts)
  for (const [index, group] of groups.entries()) {
    const merged = `merged-${index}${extname(group[0]!)}`
    texts.set(CHUNKS + merged, group.map(name => withoutSourceMap(texts.get(CHUNKS + name)!)).join('\n'))
    for (const name of group) {
      names.set(name, merged)
      if (!ofWorkers.has(name)) texts.delete(CHUNKS + name)
    }
  }
  for (const [path, text] of texts) texts.set(path, dropRepetitions(renameOutsideWorkerLists(text, names)))
  return { before: groups.flat().length, after: groups.length }
}

/** The names in the tags, in their order, without the scripts for old browsers (`noModule`). */
function namesIn(html: string, tags: RegExp): string[] {
  const found = [...html.matchAll(tags)].filter(([tag]) => !/nomodule/i.test(tag))
  return [...new Set(found.map(([, name]) => name!))]
}

/** Scripts by the pages that load them. Each group can be one file: no page then loads what it does not need. */
function groupByPages(pages: ReadonlyMap<string, readonly string[]>): string[][] {
  const scripts = [...new Set([...pages.values()].flat())]
  const usersOf = (script: string) => [...pages].filter(([, list]) => list.includes(script)).map(([page]) => page)
  return [...Map.groupBy(scripts, script => usersOf(script).join(' ')).values()]
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

/**
 * Scripts that an `import()` loads together. Lists that share a script are one group: what two charts share, Chart.js,
 * is larger than what each has of its own.
 */
function groupByImports(texts: ExportedTexts, initial: ReadonlySet<string>): string[][] {
  let groups: string[][] = []
  for (const [path, text] of texts) {
    if (!path.endsWith('.js')) continue
    for (const [list] of text.matchAll(IMPORT_LIST)) {
      const scripts = [...list.matchAll(/chunks\/([^"/]+\.js)"/g)].map(([, name]) => name!).filter(n => !initial.has(n))
      const sharing = groups.filter(group => group.some(name => scripts.includes(name)))
      groups = groups.filter(group => !sharing.includes(group))
      groups.push([...new Set([...sharing.flat(), ...scripts])])
    }
  }
  return groups
}

/** What workers load: kept as it is, beside a merged file that has it too. */
function workerScripts(texts: ExportedTexts): ReadonlySet<string> {
  const lists = [...texts].filter(([path]) => path.endsWith('.js')).flatMap(([, text]) => text.match(WORKER_LIST) ?? [])
  return new Set(lists.flatMap(list => [...list.matchAll(/chunks\/([^"/]+\.js)"/g)].map(([, name]) => name!)))
}

function withoutSourceMap(chunk: string): string {
  return chunk.replace(/\s*(\/\/|\/\*)# sourceMappingURL=.*\s*$/, '')
}

function renameOutsideWorkerLists(text: string, names: ReadonlyMap<string, string>): string {
  const parts = text.split(WORKER_LIST)
  return parts.map((part, index) => (index % 2 === 0 ? renameReferences(part, names) : part)).join('')
}

/** A tag, or an entry of an `import()`, that names a merged file once more would request nothing, and says nothing. */
function dropRepetitions(text: string): string {
  const seen = new Set<string>()
  const once = (tag: string, name: string) => {
    if (seen.has(name)) return ''
    seen.add(name)
    return tag
  }
  return text
    .replace(INITIAL_SCRIPT, once)
    .replace(STYLE_SHEET, once)
    .replace(IMPORT_LIST, list => [...new Set(list.split(','))].join(','))
}
