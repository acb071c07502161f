// A small export of two pages: scripts that both load become one file, those of one page another, what an `import()`
// loads another, all style sheets one, and nothing names what was merged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHUNKS, type ExportedTexts } from './exported-texts.ts'
import { mergeChunks } from './merge-chunks.ts'

const tag = (name: string, more = 'async=""') => `<script src="/__base_path__/${CHUNKS}${name}" ${more}></script>`

const EXPORT = {
  'index.html': `${tag('a.js')}${tag('b.js')}${tag('p.js')}${tag('q.js')}${tag('old.js', 'noModule=""')}flight: ${CHUNKS}b.js`,
  'other/index.html': `${tag('a.js')}${tag('b.js')}${tag('r.js')}`,
  '404.html': `${tag('a.js')}`,
  'index.txt': `${CHUNKS}p.js`,
  [`${CHUNKS}a.js`]: 'a()\n//# sourceMappingURL=a.js.map\n',
  [`${CHUNKS}b.js`]: 'b()',
  [`${CHUNKS}p.js`]: 'p()',
  [`${CHUNKS}q.js`]: 'q()',
  [`${CHUNKS}r.js`]: 'r()',
  [`${CHUNKS}old.js`]: 'old()',
  [`${CHUNKS}later.js`]: 'needs("static/chunks/b.js")',
}

const scripts = (html: string) => [...html.matchAll(/chunks\/([\w-]+\.js)" async/g)].map(([, name]) => name!)

/** @returns the texts after merging, and the names of the chunks */
function merged(files: Readonly<Record<string, string>>, counts: object) {
  const texts: ExportedTexts = new Map(Object.entries(files))
  assert.deepEqual(mergeChunks(texts), counts)
  const chunks = [...texts.keys()].filter(path => path.startsWith(CHUNKS)).map(path => path.slice(CHUNKS.length))
  return { read: (path: string) => texts.get(path)!, chunk: (name: string) => texts.get(CHUNKS + name)!, chunks }
}

test('scripts with the same pages are one file, in their order, and nothing names them any more', () => {
  const { read, chunk, chunks } = merged(EXPORT, { before: 4, after: 2 })
  const [shared, own] = scripts(read('index.html')) as [string, string]
  assert.equal(scripts(read('index.html')).length, 2)
  assert.deepEqual(scripts(read('other/index.html')), [shared, 'r.js'])
  assert.deepEqual(scripts(read('404.html')), [shared])
  assert.equal(chunk(shared), 'a()\nb()')
  assert.equal(chunk(own), 'p()\nq()')
  assert.match(read('index.html'), new RegExp(`flight: ${CHUNKS}${shared}`))
  assert.equal(read('index.txt'), `${CHUNKS}${own}`)
  assert.equal(chunk('later.js'), `needs("static/chunks/${shared}")`)
  assert.deepEqual(chunks.sort(), [shared, own, 'later.js', 'old.js', 'r.js'].sort())
})

test('what imports load together is one file, and so are imports that share a script', () => {
  const load = (...names: string[]) => `Promise.all([${names.map(name => `"static/chunks/${name}"`)}].map(t=>e.l(t)))`
  const files = {
    ...EXPORT,
    [`${CHUNKS}q.js`]: `q();${load('one.js', 'shared.js', 'one.css')};${load('alone.js')}`,
    [`${CHUNKS}later.js`]: load('shared.js', 'two.js'),
    [`${CHUNKS}shared.js`]: 'shared()',
    [`${CHUNKS}one.js`]: 'one()',
    [`${CHUNKS}two.js`]: 'two()',
    [`${CHUNKS}alone.js`]: 'alone()',
  }
  const { read, chunk } = merged(files, { before: 7, after: 3 })
  const charts = /static\/chunks\/([\w-]+\.js)/.exec(chunk('later.js'))![1]!
  assert.equal(chunk('later.js'), load(charts))
  assert.equal(chunk(charts), 'one()\nshared()\ntwo()')
  assert.equal(chunk(scripts(read('index.html'))[1]!), `p()\nq();${load(charts, 'one.css')};${load('alone.js')}`)
})

test('what a worker loads stays as it is, beside the merged file', () => {
  const list = '["static/chunks/turbopack-w.js","static/chunks/b.js"]'
  const worker = { [`${CHUNKS}q.js`]: `worker("static/chunks/w.js", ${list})` }
  const { read, chunk } = merged({ ...EXPORT, ...worker }, { before: 4, after: 2 })
  const [shared, own] = scripts(read('index.html')) as [string, string]
  assert.equal(chunk(shared), 'a()\nb()')
  assert.equal(chunk('b.js'), 'b()')
  assert.ok(chunk(own).includes(list))
})

const sheet = (name: string) => `<link rel="stylesheet" href="/__base_path__/${CHUNKS}${name}" data-precedence="next"/>`
const SHEETS = {
  [`${CHUNKS}base.css`]: 'base{}',
  [`${CHUNKS}one.css`]: 'one{}\n/*# sourceMappingURL=one.css.map*/',
  [`${CHUNKS}two.css`]: 'two{}',
  [`${CHUNKS}a.js`]: 'a()',
}

test('the style sheets of all pages are one file, in an order that each page has', () => {
  const html = {
    'index.html': `${sheet('base.css')}${sheet('one.css')}${tag('a.js')}`,
    'other/index.html': `${sheet('base.css')}${sheet('two.css')}${tag('a.js')}flight: ${CHUNKS}two.css`,
  }
  const { read, chunk, chunks } = merged({ ...SHEETS, ...html }, { before: 3, after: 1 })
  const [name, ...others] = chunks.filter(one => one.endsWith('.css')) as [string]
  assert.deepEqual(others, [])
  assert.equal(chunk(name), 'base{}\none{}\ntwo{}')
  assert.equal(read('index.html'), `${sheet(name)}${tag('a.js')}`)
  assert.equal(read('other/index.html'), `${sheet(name)}${tag('a.js')}flight: ${CHUNKS}${name}`)
})

test('style sheets in different orders end the build: a merged file would change what applies', () => {
  const html = {
    'index.html': `${sheet('one.css')}${sheet('two.css')}${tag('a.js')}`,
    'other/index.html': `${sheet('two.css')}${sheet('one.css')}${tag('a.js')}`,
  }
  assert.throws(() => mergeChunks(new Map(Object.entries({ ...SHEETS, ...html }))), /different orders/)
})

test('an export that is not as expected ends the build', () => {
  assert.throws(() => mergeChunks(new Map([['index.html', '<p>no scripts</p>']])), /has no scripts/)
})
