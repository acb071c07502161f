// The words of the table "Not used" in docs/glossary.md occur nowhere: names, comments, texts, documents, styles.

import assert from 'node:assert/strict'
import { basename } from 'node:path/posix'
import { describe, it } from 'node:test'
import { placeOf, REPOSITORY, type Rule, type SourceTree } from '../support/source-tree.ts'
import { type PlantedFiles, testRule } from '../support/tidy-rule.ts'

const GLOSSARY = 'docs/glossary.md'

/** Names that stay as they are, with the reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  folded: 'a field of the wire: how many quotes or books an event stands for',
  crowd: 'the name of a random stream: another name would change every seeded market',
  patient: 'as crowd',
  chartist: 'as crowd',
  CommandLine: 'the term for what a program is called with',
  'head-of-line': 'the term for what is behind a lost packet (blocking)',
  HeadOfLineExhibit: 'as head-of-line',
}
/** Plants the words, and documents what they replace. */
const NOT_CHECKED = new Set([GLOSSARY, 'tests/tidy/vocabulary.test.ts'])

interface UnusedWord {
  readonly word: string
  readonly everywhere: boolean
}

function wordsNotUsed(tree: SourceTree): UnusedWord[] {
  const table = tree.documents.get(GLOSSARY)?.split('## Not used')[1] ?? ''
  return [...table.matchAll(/^\| ([a-z, ]+) \|.*\| (everywhere|types, files) \|$/gm)].flatMap(([, words, where]) =>
    words!.split(', ').map(word => ({ word, everywhere: where === 'everywhere' })),
  )
}

/** A plural or another form of the verb is the same word. */
function matcherOf(words: readonly UnusedWord[]): (text: string) => string[] {
  if (words.length === 0) return () => []
  const pattern = new RegExp(`^(?:${words.map(({ word }) => word).join('|')})(?:s|es|d|ed|ing|ful)?$`)
  return text => splitWords(text).filter(word => pattern.test(word))
}

/** `readDoor`, `read-door` and `READ_DOOR` have the word `door`. */
function splitWords(text: string): string[] {
  return (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map(word => word.toLowerCase())
}

/** In comments and texts the allowed names are quoted. */
function withoutAllowed(text: string): string {
  return text.replace(/([`"])(\w+)\1/g, (quoted, _quote, name) => (name in ALLOWED ? '' : quoted))
}

const usedAnywhere: Rule = tree => {
  const find = matcherOf(wordsNotUsed(tree).filter(({ everywhere }) => everywhere))
  const found: string[] = []
  const check = (path: string, text: string, start: number, whole: string) => {
    if (text in ALLOWED || NOT_CHECKED.has(path)) return
    for (const word of find(withoutAllowed(text))) found.push(`${placeOf(path, whole, start)}: ${word}`)
  }
  for (const path of tree.paths) for (const word of find(basename(path))) found.push(`${path}: ${word}`)
  for (const { path, text, names, strings, comments } of tree.sources.values()) {
    for (const { text: name, start } of [...names, ...strings]) check(path, name, start, text)
    for (const { value, start } of comments) check(path, value, start, text)
  }
  for (const [path, text] of tree.documents) {
    for (const { 0: line, index } of text.matchAll(/.+/g)) {
      // The change log quotes names of earlier versions.
      check(path, path === 'CHANGELOG.md' ? line.replace(/`[^`]*`/g, '') : line, index, text)
    }
  }
  return [...new Set(found)]
}

const usedInTypesAndFiles: Rule = tree => {
  const find = matcherOf(wordsNotUsed(tree).filter(({ everywhere }) => !everywhere))
  return [...tree.sources.values()].flatMap(({ path, types }) =>
    [basename(path).replace(/\..*/, ''), ...types]
      .filter(name => !(name in ALLOWED))
      .flatMap(name => find(name).map(word => `${path}: ${name} (${word})`)),
  )
}

function withGlossary(files: PlantedFiles): PlantedFiles {
  const rows = '| door | port | everywhere |\n| told, tell | returned | everywhere |\n| line | row | types, files |'
  return { ...files, [GLOSSARY]: `## Not used\n\n| Word | Use | Not used in |\n|---|---|---|\n${rows}\n` }
}

describe('words', () => {
  it('are read from the glossary', () => {
    const words = wordsNotUsed(REPOSITORY)
    assert.ok(words.some(({ word, everywhere }) => word === 'fold' && everywhere))
    assert.ok(words.some(({ word, everywhere }) => word === 'line' && !everywhere))
  })

  testRule('that the glossary replaces occur nowhere', usedAnywhere, {
    bad: [
      { 'web/a.ts': 'const openDoor = 1' },
      { 'web/a.ts': 'const DOORS = 1' },
      { 'web/a.ts': 'read.door()' },
      { 'web/a.ts': 'const x = { door: 1 }' },
      { 'web/a.ts': '// Tells the reader' },
      { 'web/a.ts': "const text = 'the door'" },
      { 'web/a.ts': 'const text = `the door \x24{x}`' },
      { 'web/a.tsx': 'const X = () => <b>a door</b>' },
      { 'web/back-door.ts': '' },
      { 'README.md': 'It is told to the reader.' },
      { 'web/a.css': '.door { color: red }' },
    ].map(withGlossary),
    good: [
      { 'web/a.ts': "const outdoors = 1 // tellurium, a 'line'", 'README.md': 'one line' },
      { 'web/a.ts': 'const line = 1' },
    ].map(withGlossary),
  })

  testRule('with two senses name no type and no file', usedInTypesAndFiles, {
    bad: [{ 'web/a.ts': 'interface LineReader {}' }, { 'web/open-line.ts': '' }].map(withGlossary),
    good: [{ 'web/a.ts': 'const line = 1; interface Outline {}', 'web/lines-of-text.md': '' }].map(withGlossary),
  })
})
