// Who may import whom: packages in one direction and by their exports only, relative imports with their extension.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isTest, packageOf, REPOSITORY, type Rule, resolveImport, type Source } from '../support/source-tree.ts'
import { atPath, testRule } from '../support/tidy-rule.ts'

/** The exports of other packages that each package may import. `testing` exports are for tests alone and not listed. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  engine: ['protocol'],
  simulators: ['protocol', 'protocol/schemas', 'engine'],
  venue: ['protocol', 'engine', 'simulators'],
  feed: ['protocol', 'simulators', 'venue'],
  gateway: ['protocol', 'protocol/schemas', 'engine', 'simulators', 'venue', 'feed'],
  adapters: ['protocol', 'engine', 'venue', 'feed', 'gateway'],
  cluster: ['protocol', 'venue', 'feed', 'gateway'],
  server: [
    ...[
      'protocol',
      'protocol/schemas',
      'engine',
      'simulators',
      'simulators/configuration',
      'simulators/input',
      'venue',
      'feed',
      'gateway',
    ],
    'adapters',
    'cluster',
  ],
  client: ['protocol'],
  conformance: ['protocol', 'protocol/schemas'],
  lab: ['protocol'],
  mocks: ['protocol', 'protocol/schemas', 'engine', 'simulators', 'venue', 'feed', 'gateway'],
  web: ['protocol', 'client', 'mocks/page', 'mocks/worker'],
  tests: ['protocol', 'protocol/schemas', 'client', 'cluster', 'conformance', 'mocks'],
  bench: ['protocol', 'protocol/schemas', 'engine', 'simulators', 'client', 'mocks'],
  tools: [],
}
const TESTING_EXPORT = /^@papertape\/(protocol|venue|gateway|cluster)\/testing(\/\w+)?$/

function importsWhere(isWrong: (specifier: string, source: Source) => boolean): Rule {
  return tree =>
    [...tree.sources.values()].flatMap(source =>
      source.imports.filter(({ specifier }) => isWrong(specifier, source)).map(i => `${source.path}: ${i.specifier}`),
    )
}

const directions = importsWhere((specifier, { path }) => {
  if (!specifier.startsWith('@papertape/')) return false
  if (TESTING_EXPORT.test(specifier) && isTest(path)) return false
  const allowed = MAY_IMPORT[packageOf(path)] ?? []
  return !allowed.some(name => specifier === `@papertape/${name}`)
})

const relativeImports = importsWhere((specifier, { path }) => {
  if (!specifier.startsWith('.')) return false
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1)
  const isInside =
    packageOf(target) === packageOf(path) || (/^(tests|bench)$/.test(packageOf(path)) && packageOf(target) === 'tools')
  return !/\.(ts|tsx|mjs|css|json)$/.test(specifier) || !isInside
})

const testingImports: Rule = tree =>
  [...tree.sources.values()]
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, imports }) =>
      imports
        .map(({ specifier }) => resolveImport(tree, path, specifier))
        .filter(target => target !== undefined && isTest(target))
        .map(target => `${path}: ${target}`),
    )

describe('imports', () => {
  it('were found', () => {
    for (const name of ['protocol', 'engine', 'simulators', 'venue', 'feed', 'server', 'client', 'web', 'tests']) {
      const files = [...REPOSITORY.sources.values()].filter(({ path }) => packageOf(path) === name)
      assert.ok(files.length > 5 && files.some(({ imports }) => imports.length > 2), name)
    }
  })

  testRule('between packages go in one direction, by exports', directions, {
    bad: atPath('engine/src/x.ts', [
      "import { x } from '@papertape/simulators'",
      "export * from '@papertape/server'",
      "const x = await import('@papertape/web')",
      "type X = import('@papertape/web').X",
      "import '@papertape/protocol/src/units.ts'",
      "import { Trade } from '@papertape/protocol/schemas'",
      "import { holds } from '@papertape/protocol/testing'",
      "import type {\n  A,\n} from '@papertape/client'",
    ]),
    good: [
      ...atPath('engine/src/x.ts', [
        "import { x } from '@papertape/protocol'",
        "// import { x } from '@papertape/server'",
        "const a = `from '@papertape/web'`",
      ]),
      { 'engine/src/x.test.ts': "import { holds } from '@papertape/protocol/testing'" },
    ],
  })

  testRule('that are relative have an extension and stay inside the package', relativeImports, {
    bad: atPath('engine/src/x.ts', [
      "import { x } from './ladder'",
      "import { x } from '../../protocol/src/units.ts'",
      "export { x } from '../../protocol/src/units.ts'",
      "import('./ladder.js')",
    ]),
    good: atPath('engine/src/x.ts', ["import { x } from './ladder.ts'", "import { x } from 'typebox'"]),
  })

  const imported = { 'web/testing/clock.ts': '', 'web/x.test.ts': '' }
  testRule('of testing folders and tests are in tests only', testingImports, {
    bad: [
      { 'web/x.ts': "import './testing/clock.ts'", ...imported },
      { 'web/x.ts': "export { x } from './x.test.ts'", ...imported },
    ],
    good: [
      { 'web/y.test.ts': "import './testing/clock.ts'", ...imported },
      { 'web/testing/x.ts': "import './clock.ts'", ...imported },
    ],
  })
})
