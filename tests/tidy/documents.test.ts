// What Markdown documents name exists: paths in backticks and links, and npm commands.

import { dirname, join, normalize } from 'node:path/posix'
import { describe } from 'node:test'
import { packageOf, placeOf, type Rule, type SourceTree } from '../support/source-tree.ts'
import { testRule } from '../support/tidy-rule.ts'

/** Names files of earlier versions. */
const HISTORY = new Set(['CHANGELOG.md'])
/** Written when the programs and tests run. */
const WRITTEN_LATER = /^(\.\.\/shared|node_modules|bench\/results|tests\/screenshots|docs\/images|web\/out|data)(\/|$)/
const FILE = /\w\.(ts|tsx|mjs|md|css)$/

const missingPaths: Rule = tree =>
  markdownOf(tree).flatMap(([path, text]) =>
    [...pathsIn(text, tree)]
      .filter(({ named, isLink }) => !(isLink ? isLinked(tree, path, named) : exists(tree, path, named)))
      .map(({ named, start }) => `${placeOf(path, text, start)}: ${named}`),
  )

function markdownOf(tree: SourceTree): [string, string][] {
  return [...tree.documents].filter(([path]) => path.endsWith('.md') && !HISTORY.has(path))
}

/** Paths in backticks and relative links, with their places; URLs, routes, globs and media types are none. */
function* pathsIn(text: string, tree: SourceTree): Iterable<{ named: string; isLink: boolean; start: number }> {
  for (const { 1: code, 2: link, index } of text.matchAll(/(?<!`)`([^`\n]+)`(?!`)|\]\(([^)\s]+)\)/g)) {
    const path = (code ?? link!).replace(/[#:].*$/, '')
    const named = path.replace(/\/$/, '')
    if (!/^[\w.@-]+(\/[\w.@-]+)*$/.test(named) || link?.includes('://')) continue
    const isInPackage = named.includes('/') && tree.manifests.has(packageOf(named))
    if (link !== undefined || FILE.test(named) || path.endsWith('/') || isInPackage) {
      yield { named, isLink: link !== undefined, start: index }
    }
  }
}

function isLinked(tree: SourceTree, document: string, link: string): boolean {
  return tree.paths.has(normalize(join(dirname(document), link)))
}

/**
 * From the root, the document's folder, its package or the package's `src/`; a bare name may be anywhere below these.
 */
function exists(tree: SourceTree, document: string, named: string): boolean {
  if (WRITTEN_LATER.test(named)) return true
  const owner = tree.manifests.has(packageOf(document)) ? packageOf(document) : ''
  const folders = ['', dirname(document), owner, join(owner, 'src')]
  if (folders.some(folder => tree.paths.has(normalize(join(folder, named))))) return true
  return !named.includes('/') && [...tree.paths].some(path => path.startsWith(owner) && path.endsWith(`/${named}`))
}

const missingCommands: Rule = tree =>
  [...tree.documents].flatMap(([path, text]) =>
    [...text.matchAll(/\bnpm (?:run ([\w:]+)|(test|start))(?: (?:-w|--workspace)\s([\w@/]+))?/g)]
      .filter(({ 1: script, 2: shortcut, 3: workspace = '' }) => {
        const manifest = [...tree.manifests].find(
          ([folder, { name }]) => folder === workspace || name === workspace,
        )?.[1]
        return manifest?.scripts?.[script ?? shortcut!] === undefined
      })
      .map(({ 0: command, index }) => `${placeOf(path, text, index)}: ${command}`),
  )

describe('documents', () => {
  const files = {
    'feed/package.json': JSON.stringify({ name: '@papertape/feed', scripts: { soak: 'node src/log/log.ts' } }),
    'package.json': JSON.stringify({ scripts: { test: 'x' } }),
    'feed/src/log/log.ts': '',
    'docs/guide.md': '',
  }

  testRule('name paths that exist', missingPaths, {
    bad: [
      { ...files, 'README.md': 'see `feed/log/log.ts`' },
      { ...files, 'README.md': 'see `feed/src/other/`' },
      { ...files, 'README.md': 'see `other.ts`' },
      { ...files, 'README.md': 'see [the guide](docs/other.md)' },
      { ...files, 'docs/other.md': 'see [the guide](../guide.md)' },
      { ...files, 'feed/README.md': 'see `log/other.ts:12`' },
      { ...files, 'feed/README.md': '`other/`: x' },
    ],
    good: [
      { ...files, 'README.md': 'see `feed/src/log/log.ts`, `feed/src/log/` and `log.ts`, [guide](docs/guide.md#part)' },
      { ...files, 'docs/other.md': 'see [the guide](guide.md)' },
      { ...files, 'feed/README.md': 'see `log/log.ts:1` and `log/`' },
      { ...files, 'README.md': '`text/event-stream`, `/v1/orders`, `bid/ask`, [x](https://example.com/a.md)' },
    ],
  })

  testRule('name npm commands that exist', missingCommands, {
    bad: [
      { ...files, 'README.md': '`npm run soak`' },
      { ...files, 'README.md': '`npm run other -w feed`' },
      { ...files, 'README.md': '`npm test -w feed`' },
      { ...files, 'README.md': 'npm run soak -w other' },
    ],
    good: [
      { ...files, 'README.md': '`npm test`, `npm ci`, `npm run soak -w feed`, `npm run soak -w @papertape/feed`' },
    ],
  })
})
