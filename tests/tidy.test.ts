// The house's rules, read from its sources: who imports whom, what the deterministic packages may touch, how a file
// opens. A small scan that knows strings and comments; each rule is first shown a snippet that breaks it.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { CLOSE_CODES, ERRORS, REJECTS } from '@papertape/protocol'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = /\.(ts|tsx|mts|cts|mjs|js|jsx)$/
const NOT_OURS = new Set(['node_modules', '.git', '.tsc', '.next', '.turbo', '.ci', 'out', 'public', 'results'])
/** Next writes and rewrites it. */
const GENERATED = new Set(['web/next-env.d.ts'])

/** Which packages each package may import, besides TESTING in tests. What is not named here imports none of them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  engine: ['protocol'],
  simulators: ['protocol', 'protocol/schemas', 'engine'],
  venue: ['protocol', 'engine', 'simulators'],
  feed: ['protocol', 'simulators', 'venue'],
  server: ['protocol', 'protocol/schemas', 'engine', 'simulators', 'simulators/input', 'venue', 'feed'],
  client: ['protocol'],
  mocks: ['protocol', 'engine', 'simulators', 'venue', 'feed'],
  web: ['protocol', 'client', 'mocks'],
  tests: ['protocol', 'protocol/schemas', 'engine', 'simulators', 'client', 'mocks'],
  bench: ['protocol', 'protocol/schemas', 'engine', 'simulators', 'client'],
  tools: [],
}
/** For tests only. */
const TESTING = /^@papertape\/(protocol|venue)\/testing(\/messages)?$/
const IS_TEST = /^tests\/|\/testing\/|\.test\.tsx?$/
const DETERMINISTIC = /^(protocol|engine|simulators|venue|feed)\/src\/(?!cli\/|input\/|testing\/)(?!.*\.test\.ts$)/
/** They may be off in the last digit: nothing of the market depends on them. */
const MEASURES = /^simulators\/src\/analysis\/(facts|report)\//

/** What is handed in or not had at all: clocks, randomness, timers, the network, the console, the process. */
const FORBIDDEN: readonly RegExp[] = [
  /(?<![\w$.#])Date(?![\w$])(?!\s*[:?])/,
  /(?<![\w$.#])(?:performance|console|process|fetch|crypto|globalThis)\s*(?:[.(?[])/,
  /(?<![\w$.#])(?:setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)(?![\w$])/,
  // Results that may differ between engines and machines; a seed would not repeat.
  /(?<![\w$])Math\.(?:random|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot|a?sinh?|a?cosh?|a?tanh?|atan2)(?![\w$])/,
  // A power of whole numbers is exact.
  /(?<!\d\s?)\*\*|\*\*(?!\s*\d+(?![\d.]))/,
  /\bimport\.meta\b/,
]

interface Source {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
}

interface Scanned {
  /** The program alone: comments are blanks, strings and patterns are empty. */
  readonly code: string
  /** What is imported, exported from, or imported while running. */
  readonly imports: readonly string[]
}

/** Reads a file character by character; a template's expressions are program again. */
function scan(text: string): Scanned {
  let code = ''
  const imports: string[] = []
  /** Depth of braces inside each open template expression. */
  const templates: number[] = []
  let at = 0
  const skipTo = (end: number) => {
    at = end < 0 ? text.length : end
  }
  /** To the closing quote, or to `${` in a template. */
  const readQuoted = (quote: string) => {
    const start = at
    for (; at < text.length; at++) {
      if (text[at] === '\\') at++
      else if (text[at] === quote) break
      else if (quote === '`' && text.startsWith('${', at)) {
        templates.push(0)
        at += 2
        code += '${'
        return
      }
    }
    const content = text.slice(start, at++)
    if (quote !== '`' && /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*$/.test(code)) imports.push(content)
    code += `${quote}${quote}`
  }
  while (at < text.length) {
    const char = text[at]!
    if (text.startsWith('//', at)) skipTo(text.indexOf('\n', at))
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at)
      skipTo(end < 0 ? -1 : end + 2)
      code += ' '
    } else if (char === "'" || char === '"' || char === '`') {
      at++
      readQuoted(char)
    } else if (char === '/' && startsPattern(code)) {
      at = endOfPattern(text, at)
      code += '/./'
    } else if (char === '}' && templates.at(-1) === 0) {
      templates.pop()
      at++
      code += '}'
      readQuoted('`')
    } else {
      if (templates.length > 0 && char === '{') templates[templates.length - 1]!++
      if (templates.length > 0 && char === '}') templates[templates.length - 1]!--
      code += char
      at++
    }
  }
  return { code, imports }
}

/** A slash after a value divides; after anything else it opens a pattern. */
function startsPattern(code: string): boolean {
  const before = code.trimEnd()
  if (/(?:^|[^\w$.])(?:return|typeof|case|of|in|void|yield|await)$/.test(before)) return true
  return before === '' || /[=(,:;[!&|?{}+\-*%<>~^]$/.test(before)
}

function endOfPattern(text: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '\n') return at
    else if (char === '/' && !inClass) return at + 1
  }
  return text.length
}

/** Each rule says what is wrong with a file; nothing when it is as it should be. */
const RULES: Readonly<Record<string, (source: Source, scanned: Scanned) => string[]>> = {
  'packages import in one direction': ({ path }, { imports }) => {
    const allowed = MAY_IMPORT[packageOf(path)] ?? []
    return imports
      .filter(name => name.startsWith('@papertape/') && !(TESTING.test(name) && IS_TEST.test(path)))
      .filter(name => !allowed.some(known => name === `@papertape/${known}`))
  },
  'relative imports carry their extension and stay inside the package': ({ path }, { imports }) =>
    imports
      .filter(name => name.startsWith('.'))
      .filter(name => {
        const target = relative(ROOT, resolve(ROOT, path, '..', name))
          .split(sep)
          .join('/')
        const isInside =
          packageOf(target) === packageOf(path) || (path.startsWith('tests/') && packageOf(target) === 'tools')
        return !/\.(ts|tsx|mjs|css|json)$/.test(name) || !isInside
      }),
  'nothing of Node in the deterministic packages': ({ path }, { imports }) =>
    DETERMINISTIC.test(path) ? imports.filter(name => name.startsWith('node:') || name === 'ws') : [],
  'no clock, randomness, timer, network, console or inexact arithmetic there': ({ path }, { code }) =>
    DETERMINISTIC.test(path) && !MEASURES.test(path) ? FORBIDDEN.flatMap(pattern => pattern.exec(code)?.[0] ?? []) : [],
  'components live in web alone': ({ path }) => (/\.[jt]sx$/.test(path) && !path.startsWith('web/') ? [path] : []),
  'a file opens by saying what it is': ({ text }) => {
    const opening = text.replace(/^(?:#!.*\n|(['"])use \w+\1;?\n|\s+)+/, '')
    return /^(\/\/ ?\S.{10,}|\/\*[\s*]*\S)/.test(opening) ? [] : [opening.slice(0, 40)]
  },
  'types can be erased: no enum, namespace, parameter property or decorator': ({ path }, { code }) => {
    if (!/\.tsx?$/.test(path)) return []
    const enums = /(?:^|[\n;{}]\s*)(?:export\s+|declare\s+|const\s+)*(?:enum|namespace|module)\s+\w+\s*\{/.exec(code)
    const parameters = /\bconstructor\s*\((?:[^)]*,)?\s*(?:private|protected|public|readonly)\s+\w+\s*[:?=,)]/.exec(
      code,
    )
    const decorators = /(?:^|\n)\s*@\w+/.exec(code)
    return [enums, parameters, decorators].flatMap(found => found?.[0].trim() ?? [])
  },
}

function packageOf(path: string): string {
  return path.split('/')[0]!
}

function broken(rule: string, path: string, text: string): string[] {
  return RULES[rule]!({ path, text }, scan(text))
}

function readSources(): Source[] {
  const sources: Source[] = []
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !NOT_OURS.has(entry.name)) walk(path)
      else if (entry.isFile() && SOURCE.test(entry.name) && !GENERATED.has(path)) {
        sources.push({ path, text: readFileSync(join(ROOT, path), 'utf8') })
      }
    }
  }
  for (const name of Object.keys(MAY_IMPORT)) {
    if (readdirSync(ROOT).includes(name)) walk(name)
  }
  return sources
}

/** Snippets that break each rule, and the like that do not. */
const SAMPLES: Readonly<Record<string, { path: string; bad: readonly string[]; good: readonly string[] }>> = {
  'packages import in one direction': {
    path: 'engine/src/x.ts',
    bad: [
      "import { x } from '@papertape/simulators'",
      "export * from '@papertape/server'",
      "const x = await import('@papertape/web')",
      "import '@papertape/protocol/src/units.ts'",
      "import { Trade } from '@papertape/protocol/schemas'",
      "import { holds } from '@papertape/protocol/testing'",
      "import type {\n  A,\n} from '@papertape/client'",
    ],
    good: [
      "import { x } from '@papertape/protocol'",
      "// import { x } from '@papertape/server'",
      "const a = `from '@papertape/web'`",
    ],
  },
  'relative imports carry their extension and stay inside the package': {
    path: 'engine/src/x.ts',
    bad: ["import { x } from './ladder'", "import { x } from '../../protocol/src/units.ts'", "import('./ladder.js')"],
    good: ["import { x } from './ladder.ts'", "import { x } from 'typebox'"],
  },
  'nothing of Node in the deterministic packages': {
    path: 'simulators/src/x.ts',
    bad: ["import { readFileSync } from 'node:fs'", "import 'node:process'", "await import('node:crypto')"],
    good: ["const text = 'node:fs'", "import type { A } from '@papertape/protocol'"],
  },
  'no clock, randomness, timer, network, console or inexact arithmetic there': {
    path: 'engine/src/x.ts',
    bad: [
      'const now = Date.now()',
      'const now = new Date()',
      'const { now } = Date',
      'const r = Math.random()',
      'const e = Math.exp(1)',
      'const p = Math.pow(2, 0.5)',
      'const p = 2 ** 0.5',
      'const p = base ** 2',
      'setTimeout(go, 1)',
      'const later = setInterval',
      "console.log('x')",
      'const t = performance.now()',
      'process.exit(1)',
      "await fetch('/')",
      'const text = `\x24{Math.sin(1)}`',
      'const half = a / b; const t = Date.now() / 2',
      "const pattern = /'/; Math.random()",
    ],
    good: [
      '// Date.now() is not for us',
      "const text = 'Math.random()'",
      '/* process.exit */ const x = 1',
      'const x = Math.floor(Math.sqrt(Math.imul(2, 3)))',
      'const text = `at Date.now() it is \x24{x}`',
      'const { candidate, updateDate } = order',
      'const pattern = /Date|process.exit/',
      'interface A { Date: number }',
      'this.process(x)',
      'const max = 2 ** 31 - 1',
    ],
  },
  'components live in web alone': { path: 'client/src/x.tsx', bad: ['export const x = 1'], good: [] },
  'a file opens by saying what it is': {
    path: 'client/src/x.ts',
    bad: ['import x from "x"\n', '', '//\nconst x = 1'],
    good: [
      '// What it is and what it is not.\nimport x from "x"',
      '#!/usr/bin/env node\n// What this command does.\n',
      "'use client'\n// What the component shows.\n",
    ],
  },
  'types can be erased: no enum, namespace, parameter property or decorator': {
    path: 'client/src/x.ts',
    bad: [
      'enum Side { buy }',
      'export const enum Side { buy }',
      'namespace A { }',
      'class A { constructor(private x: number) {} }',
      '@sealed\nclass A {}',
    ],
    good: [
      "const text = 'enum Side { buy }'",
      'class A { private x = 1\n constructor(x: number) {} }',
      'class A { constructor(x: readonly number[], y: readonly { readonly z: number }[]) {} }',
      '// enum Side { buy }',
    ],
  },
}

describe('the sources', () => {
  const sources = readSources()
  const scanned = new Map(sources.map(source => [source.path, scan(source.text)]))

  it('were found', () => {
    for (const name of ['protocol', 'engine', 'simulators', 'venue', 'feed', 'server', 'client', 'web', 'tests']) {
      assert.ok(sources.filter(({ path }) => packageOf(path) === name).length > 5, name)
    }
    const imports = [...scanned.values()].reduce((sum, file) => sum + file.imports.length, 0)
    assert.ok(imports > 300, `only ${imports} imports were seen`)
  })

  for (const [rule, check] of Object.entries(RULES)) {
    it(rule, () => {
      const { path, bad, good } = SAMPLES[rule]!
      for (const snippet of bad) assert.notDeepEqual(broken(rule, path, snippet), [], `it would miss: ${snippet}`)
      for (const snippet of good) assert.deepEqual(broken(rule, path, snippet), [], `it would blame: ${snippet}`)
      const found = sources.flatMap(source =>
        check(source, scanned.get(source.path)!).map(what => `${source.path}: ${what}`),
      )
      assert.deepEqual(found, [])
    })
  }
})

describe('the codes', () => {
  it('each say what happened and what to do next', () => {
    for (const [code, { status, title, retry }] of Object.entries(ERRORS)) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/)
      assert.ok(status >= 400 && status < 600 && title.length > 10, code)
      assert.match(retry, /^(retry|retryAfter|never)$/)
    }
    for (const [code, text] of Object.entries(REJECTS)) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/)
      assert.ok(text.length > 10, code)
    }
    for (const [code, { meaning, retry }] of Object.entries(CLOSE_CODES)) {
      assert.ok(meaning.length > 3, code)
      assert.match(retry, /^(retry|retryAfter|never)$/)
    }
  })
})
