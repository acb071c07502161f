// The deterministic packages get clocks, randomness, timers, network and output handed in, and compute exactly, so that
// a seed gives the same market everywhere.

import { describe } from 'node:test'
import { placeOf, type Rule, type Source, type SyntaxNode, walkSyntax } from '../support/source-tree.ts'
import { atPath, testRule } from '../support/tidy-rule.ts'

const DETERMINISTIC =
  /^(protocol|engine|simulators|venue|feed|gateway|adapters)\/src\/(?!cli\/|input\/)(?!.*testing\/)(?!.*\.test\.ts$)/
/** Measures may differ in the last digit: no market depends on them. */
const MEASURES = /^simulators\/src\/analysis\/(facts|report)\//

const GLOBALS = new Set([
  ...['Date', 'performance', 'console', 'process', 'fetch', 'crypto', 'globalThis', 'window', 'self', 'require'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'],
])
/** All other functions of Math may give other digits on another machine. */
const EXACT_MATH = new Set([
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'],
  ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'],
])

function deterministicSources(tree: { sources: ReadonlyMap<string, Source> }): Source[] {
  return [...tree.sources.values()].filter(({ path }) => DETERMINISTIC.test(path))
}

const nodeModules: Rule = tree =>
  deterministicSources(tree).flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier }) => specifier.startsWith('node:') || specifier === 'ws')
      .map(({ specifier }) => `${path}: ${specifier}`),
  )

const globals: Rule = tree =>
  deterministicSources(tree)
    .filter(({ path }) => !MEASURES.test(path))
    .flatMap(({ path, text, program }) => {
      const found: string[] = []
      walkSyntax(program, (node, parent, field) => {
        if (isForbidden(node, parent, field)) {
          found.push(`${placeOf(path, text, node.start)}: ${text.slice(node.start, node.start + 20)}`)
        }
      })
      return found
    })

function isForbidden(node: SyntaxNode, parent: SyntaxNode | undefined, field: string): boolean {
  switch (node.type) {
    case 'Identifier':
      if (isPropertyName(parent, field)) return false
      if (node.name !== 'Math') return GLOBALS.has(node.name as string)
      return parent?.type !== 'MemberExpression' || parent.computed === true || !EXACT_MATH.has(nameOf(parent.property))
    case 'MetaProperty':
      return nameOf(node.meta) === 'import'
    // A power of whole numbers is exact.
    case 'BinaryExpression':
      return node.operator === '**' && !(isWholeNumber(node.left) && isWholeNumber(node.right))
    case 'AssignmentExpression':
      return node.operator === '**='
    default:
      return false
  }
}

/** `x.name`, `{ name: x }`, and members of classes and interfaces. */
function isPropertyName(parent: SyntaxNode | undefined, field: string): boolean {
  if (parent === undefined || parent.computed === true) return false
  return (field === 'property' && parent.type === 'MemberExpression') || (field === 'key' && parent.shorthand !== true)
}

function nameOf(node: unknown): string {
  return String((node as SyntaxNode).name)
}

function isWholeNumber(node: unknown): boolean {
  return Number.isInteger((node as SyntaxNode).value)
}

describe('deterministic packages', () => {
  testRule('import nothing of Node', nodeModules, {
    bad: atPath('simulators/src/x.ts', [
      "import { readFileSync } from 'node:fs'",
      "import 'node:process'",
      "export * from 'node:path'",
      "await import('node:crypto')",
    ]),
    good: [
      ...atPath('simulators/src/x.ts', ["const text = 'node:fs'", "import type { A } from '@papertape/protocol'"]),
      ...atPath('simulators/src/cli/x.ts', ["import 'node:fs'"]),
    ],
  })

  testRule('use no clock, randomness, timer, network, console or inexact arithmetic', globals, {
    bad: atPath('engine/src/x.ts', [
      'const now = Date.now()',
      'const now = new Date()',
      'const { now } = Date',
      'const later = { setTimeout }',
      'const r = Math.random()',
      "const r = Math['random']()",
      'const { random } = Math',
      'const e = Math.exp(1)',
      'const p = Math.pow(2, 0.5)',
      'const p = 2 ** 0.5',
      'const p = base ** 2',
      'base **= 2',
      'setTimeout(go, 1)',
      'const later = setInterval',
      "console.log('x')",
      'const t = performance.now()',
      'process.exit(1)',
      "await fetch('/')",
      'const text = `\x24{Math.sin(1)}`',
      'const half = a / b; const t = Date.now() / 2',
      "const pattern = /'/; Math.random()",
      'const here = import.meta.url',
    ]),
    good: atPath('engine/src/x.ts', [
      '// Date.now() is not used here',
      "const text = 'Math.random()'",
      '/* process.exit */ const x = 1',
      'const x = Math.floor(Math.sqrt(Math.imul(2, 3)))',
      'const text = `at Date.now() it is \x24{x}`',
      'const { candidate, updateDate } = order',
      'const pattern = /Date|process.exit/',
      'interface A { Date: number }',
      'const headers = { Date: 1 }',
      'this.process(x)',
      'const max = 2 ** 31 - 1',
    ]),
  })
})
