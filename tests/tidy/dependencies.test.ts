// A package declares each dependency that it imports, and imports each that it declares.

import { dirname } from 'node:path/posix'
import { describe } from 'node:test'
import { isTest, type Manifest, type Rule, type SourceTree } from '../support/source-tree.ts'
import { testRule } from '../support/tidy-rule.ts'

/** Used without an import, by name and reason. */
const NOT_IMPORTED: Readonly<Record<string, string>> = {
  'react-dom': 'Next.js renders with it',
}

const undeclared: Rule = tree =>
  [...tree.sources.values()].flatMap(({ path, imports }) => {
    const { name, dependencies, devDependencies } = manifestOf(tree, path)
    const known = new Set([name, ...Object.keys(dependencies ?? {})])
    if (mayUseDevDependencies(path)) {
      for (const one of Object.keys({ ...devDependencies, ...tree.manifests.get('')?.devDependencies })) known.add(one)
    }
    return imports
      .map(({ specifier }) => moduleOf(specifier))
      .filter(module => module !== undefined && !known.has(module))
      .map(module => `${path}: ${module}`)
  })

const unused: Rule = tree =>
  [...tree.manifests].flatMap(([folder, manifest]) => {
    const scripts = Object.values(manifest.scripts ?? {}).join(' ')
    const imported = new Set(
      [...tree.sources.values()]
        .filter(({ path }) => folder === '' || path.startsWith(`${folder}/`))
        .flatMap(({ imports, strings }) => [
          ...imports.map(({ specifier }) => moduleOf(specifier)),
          ...strings.map(({ text }) => moduleOf(text)),
        ]),
    )
    return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
      .map(name => ({ name, module: /^@types\/(.*)/.exec(name)?.[1] ?? name }))
      .filter(({ module }) => module !== 'node' && !imported.has(module) && !(module in NOT_IMPORTED))
      .filter(({ module }) => !scripts.includes(COMMANDS[module] ?? module))
      .map(({ name }) => `${folder || 'the root'}: ${name}`)
  })

/** The command of a package that is used in scripts. */
const COMMANDS: Readonly<Record<string, string>> = { typescript: 'tsc', '@biomejs/biome': 'biome' }

/** The manifest of the nearest folder above. */
function manifestOf(tree: SourceTree, path: string): Manifest {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const manifest = tree.manifests.get(folder)
    if (manifest !== undefined) return manifest
  }
  return {}
}

/** Tests, and what is never part of a program: mutants, benchmarks, build configuration. */
function mayUseDevDependencies(path: string): boolean {
  return isTest(path) || /^bench\/|\/mutants\/|\.config\.ts$/.test(path)
}

/** `@scope/name/sub` is in `@scope/name`; undefined for files and for Node's own modules. */
function moduleOf(specifier: string): string | undefined {
  if (/^\.|^node:/.test(specifier)) return undefined
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0]
}

describe('dependencies', () => {
  const manifest = (fields: Manifest) => ({ 'web/package.json': JSON.stringify({ name: '@papertape/web', ...fields }) })
  const ws = { ws: '8.0.0' }

  testRule('that are imported are declared', undeclared, {
    bad: [
      { 'web/a.ts': "import { WebSocket } from 'ws'" },
      { ...manifest({ devDependencies: ws }), 'web/a.ts': "import { WebSocket } from 'ws'" },
      { ...manifest({ dependencies: ws }), 'feed/src/a.ts': "import 'ws/lib/stream.js'" },
      { 'web/a.ts': "export * from '@papertape/client'" },
    ],
    good: [
      { ...manifest({ dependencies: ws }), 'web/a.ts': "import 'ws/lib/stream.js'; import 'node:fs'; import './b.ts'" },
      { ...manifest({ devDependencies: ws }), 'web/a.test.ts': "import { WebSocket } from 'ws'" },
      { 'package.json': JSON.stringify({ devDependencies: ws }), 'web/a.test.ts': "import 'ws'" },
    ],
  })

  testRule('that are declared are used', unused, {
    bad: [
      { ...manifest({ dependencies: ws }), 'web/a.ts': '' },
      { ...manifest({ devDependencies: { '@types/ws': '8.0.0' } }), 'feed/src/a.ts': "import 'ws'" },
    ],
    good: [
      { ...manifest({ dependencies: ws }), 'web/a.ts': "import('ws/lib/stream.js')" },
      { ...manifest({ devDependencies: { '@types/ws': '8.0.0' } }), 'web/a.ts': "import 'ws'" },
      manifest({ devDependencies: { '@biomejs/biome': '2.0.0' }, scripts: { lint: 'biome ci' } }),
    ],
  })
})
