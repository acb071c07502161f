// The name of a chunk changes with its content and with what it leads to, and all references follow.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHUNKS, type ExportedTexts } from './exported-texts.ts'
import { nameChunks } from './name-chunks.ts'

/** `page` leads to `a`, which leads to `b`; `c` and `d` lead to each other. */
function named(contents: Readonly<Record<string, string>> = {}): {
  names: Record<string, string>
  texts: ExportedTexts
} {
  const chunks: Record<string, string> = {
    a: `a("static/chunks/b.js")`,
    b: 'b()',
    c: `c("static/chunks/d.js")`,
    d: `d("static/chunks/c.js")`,
    ...contents,
  }
  const list = Object.keys(chunks).map(name => `${CHUNKS}${name}.js`)
  const files = Object.entries(chunks).map(([name, text]): [string, string] => [`${CHUNKS}${name}.js`, text])
  const texts: ExportedTexts = new Map([['index.html', list.join(' ')], ...files])
  nameChunks(texts)
  const renamed = texts.get('index.html')!.split(' ')
  return { names: Object.fromEntries(Object.keys(chunks).map((name, index) => [name, renamed[index]!])), texts }
}

test('each reference names the file that it named before', () => {
  const { names, texts } = named()
  assert.equal(texts.get(names.b!), 'b()')
  assert.equal(texts.get(names.a!), `a("${names.b!.replace('_next/', '')}")`)
  assert.equal(texts.get(names.c!), `c("${names.d!.replace('_next/', '')}")`)
  assert.equal(texts.get(names.d!), `d("${names.c!.replace('_next/', '')}")`)
  assert.equal(texts.size, 5)
})

test('a change gives new names to the chunk and to those that lead to it, and to no other', () => {
  const changed = (contents: Readonly<Record<string, string>>) => {
    const [before, after] = [named().names, named(contents).names]
    return Object.keys(before).filter(name => before[name] !== after[name])
  }
  assert.deepEqual(changed({}), [])
  assert.deepEqual(changed({ b: 'b2()' }), ['a', 'b'])
  assert.deepEqual(changed({ a: 'a2()' }), ['a'])
  assert.deepEqual(changed({ d: `d2("static/chunks/c.js")` }), ['c', 'd'])
})
