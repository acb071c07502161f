// Files that no entry reaches, and exports that nothing uses.

import { dirname, join, normalize } from 'node:path/posix'
import { describe } from 'node:test'
import { type Export, type Rule, resolveImport, type Source, type SourceTree } from '../support/source-tree.ts'
import { testRule } from '../support/tidy-rule.ts'

/** Next finds them by their names, and uses all that they export. */
const FRAMEWORK = /^web\/(app\/(.*\/)?(page|layout|not-found)\.tsx|next\.config\.ts)$/

const deadFiles: Rule = tree => {
  const reached = new Set<string>()
  const reach = (path: string) => {
    const source = tree.sources.get(path)
    if (source === undefined || reached.has(path)) return
    reached.add(path)
    for (const { specifier } of source.imports) reach(resolveImport(tree, path, specifier) ?? '')
    for (const target of filesNamedIn(tree, source)) reach(target)
    reach(path.replace(/\.mjs$/, '.d.mts'))
  }
  for (const path of entriesOf(tree)) reach(path)
  return [...tree.sources.keys()].filter(path => !reached.has(path))
}

/** Tests, framework files, and what the manifests name in exports, commands and scripts. */
function entriesOf(tree: SourceTree): string[] {
  const entries = [...tree.sources.keys()].filter(path => /\.test\.tsx?$/.test(path) || FRAMEWORK.test(path))
  for (const [folder, { exports = {}, bin = {}, scripts = {} }] of tree.manifests) {
    const named = Object.values(scripts).flatMap(script => script.split(' '))
    for (const path of [...Object.values(exports), ...Object.values(bin), ...named]) {
      entries.push(normalize(join(folder, path)))
    }
  }
  return entries
}

/** Workers and programs are started by a path from the file's folder or from the root. */
function filesNamedIn(tree: SourceTree, { path, strings }: Source): string[] {
  return strings
    .filter(({ text }) => /^[\w./-]+\.\w+$/.test(text))
    .flatMap(({ text }) => [normalize(join(dirname(path), text)), text])
    .filter(target => tree.sources.has(target) && target !== path)
}

const deadExports: Rule = tree => {
  const used = new Set<string>()
  /** What is re-exported is used only where the re-export is. */
  const use = (path: string, name: string) => {
    const source = tree.sources.get(path)
    if (source === undefined || used.has(keyOf(path, name))) return
    used.add(keyOf(path, name))
    for (const exported of source.exports) {
      const target = exported.from && resolveImport(tree, path, exported.from.specifier)
      if (name === '*') use(path, exported.name)
      if (target === undefined) continue
      if (exported.name === name) use(target, exported.from!.name)
      else if (exported.name === '*' && name !== 'default') use(target, name)
    }
  }
  for (const source of tree.sources.values()) {
    for (const { specifier, names } of source.imports) {
      const target = resolveImport(tree, source.path, specifier)
      if (target !== undefined) for (const name of names) use(target, name)
    }
    for (const target of filesNamedIn(tree, source)) use(target, '*')
    if (FRAMEWORK.test(source.path)) use(source.path, '*')
  }
  for (const [path, name] of documentedExports(tree)) use(path, name)
  return [...tree.sources.values()]
    .filter(({ path }) => !path.endsWith('.d.mts'))
    .flatMap(source =>
      source.exports
        .filter(({ name }) => name !== '*' && !used.has(keyOf(source.path, name)))
        .filter(exported => !isPartOfSignature(tree, source, exported))
        .map(({ name }) => keyOf(source.path, name)),
    )
}

function keyOf(path: string, name: string): string {
  return `${path}: ${name}`
}

/** What a package's entry exports and its README names in code is for users outside of the repository. */
function documentedExports(tree: SourceTree): [string, string][] {
  return [...tree.manifests].flatMap(([folder, { exports = {} }]) => {
    const readme = tree.documents.get(`${folder}/README.md`) ?? ''
    const code = readme.match(/```[\s\S]*?```|`[^`\n]+`/g)?.join(' ') ?? ''
    return [...new Set(code.match(/\w+/g))].flatMap(name =>
      Object.values(exports).map((path): [string, string] => [normalize(join(folder, path)), name]),
    )
  })
}

/** A type that its own file uses, or that is re-exported from where it is used, is there for callers to name. */
function isPartOfSignature(tree: SourceTree, source: Source, { name, isType, from }: Export): boolean {
  if (from === undefined) return isType && source.names.filter(({ text }) => text === name).length > 1
  const declaring = tree.sources.get(resolveImport(tree, source.path, from.specifier) ?? '')
  const declared = declaring?.exports.find(exported => exported.name === from.name)
  if (declaring === undefined || declared?.isType !== true) return false
  return isPartOfSignature(tree, declaring, declared) || isImported(tree, declaring.path, from.name)
}

function isImported(tree: SourceTree, path: string, name: string): boolean {
  return [...tree.sources.values()].some(source =>
    source.imports.some(
      ({ specifier, names }) => names.includes(name) && resolveImport(tree, source.path, specifier) === path,
    ),
  )
}

describe('dead code', () => {
  const manifest = JSON.stringify({
    name: '@papertape/feed',
    exports: { '.': './src/index.ts' },
    scripts: { soak: 'node src/soak.ts' },
  })
  const feed = { 'feed/package.json': manifest, 'feed/src/index.ts': "export { a } from './a.ts'" }

  testRule('is in no file: an entry reaches each', deadFiles, {
    bad: [
      { ...feed, 'feed/src/a.ts': 'export const a = 1', 'feed/src/b.ts': "import './a.ts'" },
      { 'web/worker.ts': '', 'web/main.test.ts': "const text = './other.ts'" },
    ],
    good: [
      { ...feed, 'feed/src/a.ts': 'export const a = 1', 'feed/src/soak.ts': '' },
      { 'web/worker.ts': '', 'web/main.test.ts': "new URL('./worker.ts', import.meta.url)" },
      { 'web/app/page.tsx': "import './x.ts'", 'web/app/x.ts': '' },
    ],
  })

  testRule('is in no export: another file uses each', deadExports, {
    bad: [
      { 'web/a.ts': 'export const a = 1; export const b = a', 'web/b.ts': "import { a } from './a.ts'" },
      { ...feed, 'feed/src/a.ts': 'export const a = 1' },
      { ...feed, 'feed/src/index.ts': "export * from './a.ts'", 'feed/src/a.ts': 'export const a = 1' },
      { 'web/a.ts': 'export default 1', 'web/b.ts': "import './a.ts'" },
      { 'web/a.ts': 'export type A = 1' },
      { ...feed, 'feed/src/a.ts': 'export const a = 1', 'feed/README.md': 'a' },
    ],
    good: [
      { ...feed, 'feed/src/a.ts': 'export const a = 1', 'web/b.ts': "import { a } from '@papertape/feed'" },
      {
        ...feed,
        'feed/src/index.ts': "export * from './a.ts'",
        'feed/src/a.ts': 'export const a = 1',
        'web/b.ts': "import { a } from '@papertape/feed'",
      },
      { 'web/a.ts': 'export const a = 1', 'web/b.ts': "import * as all from './a.ts'" },
      { 'web/a.ts': 'export type A = 1', 'web/b.ts': "type B = import('./a.ts').A" },
      { 'web/a.ts': 'export type A = 1; export const a: A = 1', 'web/b.ts': "import { a } from './a.ts'" },
      { ...feed, 'feed/src/a.ts': 'export const a = 1', 'feed/README.md': '`a`' },
      { 'web/app/page.tsx': 'export default function Page() {}' },
    ],
  })
})
