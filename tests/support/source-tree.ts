// Every source file, manifest and document of the repository, read and parsed once, for the tidy tests. A tree of a few
// planted files has the same form, so that each rule can be shown a violation first.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { type Comment, parseSync } from 'oxc-parser'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SOURCE = /\.(ts|tsx|mts|cts|mjs|js|jsx)$/
const DOCUMENT = /\.(md|css)$/
const NOT_READ = new Set(['node_modules', '.git', '.tsc', '.next', '.turbo', 'out', 'public', 'results', 'screenshots'])
/** Next writes and rewrites it. */
const GENERATED = new Set(['web/next-env.d.ts'])

export interface SourceTree {
  readonly sources: ReadonlyMap<string, Source>
  /** package.json by folder; the root's is at ''. */
  readonly manifests: ReadonlyMap<string, Manifest>
  /** Markdown and style sheets. */
  readonly documents: ReadonlyMap<string, string>
  /** Every path, folders included, without a slash at the end. */
  readonly paths: ReadonlySet<string>
}

export interface Manifest {
  readonly name?: string
  readonly exports?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface Source {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
  readonly exports: readonly Export[]
  readonly comments: readonly Comment[]
  /** Type names, and functions that are exported. */
  readonly declarations: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  /** Every identifier, property and JSX name with its place. */
  readonly names: readonly Located[]
  /** The texts of strings, templates and JSX. */
  readonly strings: readonly Located[]
  readonly program: SyntaxNode
}

/** A node of the ESTree syntax tree, read by field names. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

export interface Located {
  readonly text: string
  readonly start: number
}

export interface Import {
  readonly specifier: string
  /** `*` stands for everything. Empty for an import for its effects, and for re-exports, which `exports` has. */
  readonly names: readonly string[]
}

export interface Export {
  /** `*` when everything of `from` is exported. */
  readonly name: string
  readonly isType: boolean
  /** Where it is re-exported from, and its name there. */
  readonly from?: { readonly specifier: string; readonly name: string }
}

/** The repository as it is on disk. */
export const REPOSITORY: SourceTree = parseTree(readRepository())

/** Finds what breaks a rule: one text per violation, with its place. */
export type Rule = (tree: SourceTree) => string[]

export function parseTree(files: ReadonlyMap<string, string>): SourceTree {
  const sources = new Map<string, Source>()
  const manifests = new Map<string, Manifest>()
  const documents = new Map<string, string>()
  const paths = new Set<string>()
  for (const [path, text] of files) {
    for (let at = path; at !== '.'; at = dirname(at)) paths.add(at)
    if (SOURCE.test(path) && !GENERATED.has(path)) sources.set(path, parseSource(path, text))
    else if (basename(path) === 'package.json')
      manifests.set(dirname(path).replace(/^\.$/, ''), JSON.parse(text) as Manifest)
    else if (DOCUMENT.test(path)) documents.set(path, text)
  }
  return { sources, manifests, documents, paths }
}

export function packageOf(path: string): string {
  return path.split('/')[0]!
}

/** Tests, and what only tests import. */
export function isTest(path: string): boolean {
  return /^tests\/|\/testing\/|\.test\.tsx?$/.test(path)
}

/** The file that a specifier names; undefined for packages of the registry and for what does not exist. */
export function resolveImport(tree: SourceTree, from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const path = normalize(join(dirname(from), specifier))
    return tree.paths.has(path) ? path : undefined
  }
  for (const [folder, { name, exports }] of tree.manifests) {
    if (name === undefined || !(specifier === name || specifier.startsWith(`${name}/`))) continue
    const target = exports?.[`.${specifier.slice(name.length)}`]
    if (target !== undefined) return normalize(join(folder, target))
  }
  return undefined
}

/** `path:line`, for reports. */
export function placeOf(path: string, text: string, start: number): string {
  return `${path}:${text.slice(0, start).split('\n').length}`
}

/** Calls `visit` for each node of a tree with its parent and the field that holds it. */
export function walkSyntax(
  root: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined, field: string) => void,
): void {
  const enter = (node: SyntaxNode, parent: SyntaxNode | undefined, field: string) => {
    visit(node, parent, field)
    for (const key in node) {
      const value = node[key]
      if (value === null || typeof value !== 'object') continue
      if (!Array.isArray(value)) {
        if (typeof (value as SyntaxNode).type === 'string') enter(value as SyntaxNode, node, key)
        continue
      }
      for (const item of value as (SyntaxNode | null)[]) {
        if (typeof item?.type === 'string') enter(item, node, key)
      }
    }
  }
  enter(root, undefined, '')
}

function parseSource(path: string, text: string): Source {
  const parsed = parseSync(path, text)
  const [error] = parsed.errors
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  const imports: Import[] = parsed.module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    names: entries.map(({ importName }) => {
      if (importName.kind === 'NamespaceObject') return '*'
      return importName.kind === 'Default' ? 'default' : importName.name!
    }),
  }))
  const exports: Export[] = []
  for (const { exportName, importName, isType, moduleRequest } of parsed.module.staticExports.flatMap(e => e.entries)) {
    const name = exportName.kind === 'Default' ? 'default' : (exportName.name ?? '*')
    if (moduleRequest === null) exports.push({ name, isType })
    else {
      const from = { specifier: moduleRequest.value, name: importName.kind === 'Name' ? importName.name! : '*' }
      exports.push({ name, isType, from })
      imports.push({ specifier: moduleRequest.value, names: [] })
    }
  }
  const program = parsed.program as unknown as SyntaxNode
  const names: Located[] = []
  const strings: Located[] = []
  const types = new Set<string>()
  const declarations = new Set<string>()
  const exported = new Set(exports.map(({ name }) => name))
  walkSyntax(program, (node, parent, field) => {
    const { start } = node
    switch (node.type) {
      case 'Identifier':
      case 'JSXIdentifier':
      case 'PrivateIdentifier':
        names.push({ text: node.name as string, start })
        break
      case 'Literal':
        if (typeof node.value === 'string' && field !== 'source') strings.push({ text: node.value, start })
        break
      case 'JSXText':
        strings.push({ text: node.value as string, start })
        break
      case 'TemplateElement':
        strings.push({ text: (node.value as { raw: string }).raw, start })
        break
      case 'ImportExpression':
      case 'TSImportType': {
        const { value } = node.source as { value?: unknown }
        if (typeof value === 'string') imports.push({ specifier: value, names: ['*'] })
        break
      }
      case 'ClassDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
        // Not what is inside of functions, and not what extends a library's module.
        if (node.id !== null && /^(Program|Export)/.test(parent!.type))
          types.add((node.id as SyntaxNode).name as string)
        break
      case 'FunctionDeclaration':
      case 'ArrowFunctionExpression': {
        const id = (field === 'init' ? parent!.id : node.id) as SyntaxNode | null | undefined
        if (exported.has(id?.name as string)) declarations.add(id!.name as string)
      }
    }
  })
  for (const name of types) declarations.add(name)
  return { path, text, imports, exports, comments: parsed.comments, declarations, types, names, strings, program }
}

function readRepository(): Map<string, string> {
  const files = new Map<string, string>()
  const read = (folder: string) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (!NOT_READ.has(entry.name)) read(path)
      } else if (entry.isFile()) {
        const isRead = SOURCE.test(path) || DOCUMENT.test(path) || entry.name === 'package.json'
        files.set(path, isRead ? readFileSync(join(ROOT, path), 'utf8') : '')
      }
    }
  }
  read('')
  return files
}
