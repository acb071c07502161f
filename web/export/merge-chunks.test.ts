// A small export of two pages: scripts that both load become one file, those of one page another, all style sheets one,
// and every name of a merged file is the name of its file.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { mergeChunks } from './merge-chunks.ts'

const CHUNKS = '_next/static/chunks'
const tag = (name: string, more = 'async=""') => `<script src="/__base_path__/${CHUNKS}/${name}" ${more}></script>`

function withExport(files: Readonly<Record<string, string>>, run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-export-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    run(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const EXPORT = {
  'index.html': `${tag('a.js')}${tag('b.js')}${tag('p.js')}${tag('q.js')}${tag('old.js', 'noModule=""')}flight: ${CHUNKS}/b.js`,
  'other/index.html': `${tag('a.js')}${tag('b.js')}${tag('r.js')}`,
  '404.html': `${tag('a.js')}`,
  'index.txt': `${CHUNKS}/p.js`,
  [`${CHUNKS}/a.js`]: 'a()\n//# sourceMappingURL=a.js.map\n',
  [`${CHUNKS}/b.js`]: 'b()',
  [`${CHUNKS}/p.js`]: 'p()',
  [`${CHUNKS}/q.js`]: 'q()',
  [`${CHUNKS}/r.js`]: 'r()',
  [`${CHUNKS}/old.js`]: 'old()',
  [`${CHUNKS}/later.js`]: 'needs("static/chunks/b.js")',
}

const scripts = (html: string) => [...html.matchAll(/chunks\/([\w]+\.js)" async/g)].map(([, name]) => name!)

test('scripts with the same pages are one file, in their order, and nothing names them any more', () => {
  withExport(EXPORT, folder => {
    assert.deepEqual(mergeChunks(folder), { before: 4, after: 2 })
    const read = (path: string) => readFileSync(join(folder, path), 'utf8')
    const [shared, own] = scripts(read('index.html'))
    assert.equal(scripts(read('index.html')).length, 2)
    assert.deepEqual(scripts(read('other/index.html')), [shared, 'r.js'])
    assert.deepEqual(scripts(read('404.html')), [shared])
    assert.equal(read(`${CHUNKS}/${shared}`), 'a()\nb()')
    assert.equal(read(`${CHUNKS}/${own}`), 'p()\nq()')
    assert.match(read('index.html'), new RegExp(`flight: ${CHUNKS}/${shared}`))
    assert.equal(read('index.txt'), `${CHUNKS}/${own}`)
    assert.equal(read(`${CHUNKS}/later.js`), `needs("static/chunks/${shared}")`)
    assert.deepEqual(readdirSync(join(folder, CHUNKS)).sort(), [shared!, own!, 'later.js', 'old.js', 'r.js'].sort())
  })
})

test('what a worker loads stays as it is, beside the merged file', () => {
  const list = '["static/chunks/turbopack-w.js","static/chunks/b.js"]'
  const worker = { [`${CHUNKS}/q.js`]: `worker("static/chunks/w.js", ${list})` }
  withExport({ ...EXPORT, ...worker }, folder => {
    assert.deepEqual(mergeChunks(folder), { before: 4, after: 2 })
    const read = (path: string) => readFileSync(join(folder, path), 'utf8')
    const [shared, own] = scripts(read('index.html'))
    assert.equal(read(`${CHUNKS}/${shared}`), 'a()\nb()')
    assert.equal(read(`${CHUNKS}/b.js`), 'b()')
    assert.ok(read(`${CHUNKS}/${own}`).includes(list))
  })
})

const sheet = (name: string) =>
  `<link rel="stylesheet" href="/__base_path__/${CHUNKS}/${name}" data-precedence="next"/>`
const SHEETS = {
  [`${CHUNKS}/base.css`]: 'base{}',
  [`${CHUNKS}/one.css`]: 'one{}\n/*# sourceMappingURL=one.css.map*/',
  [`${CHUNKS}/two.css`]: 'two{}',
}

test('the style sheets of all pages are one file, in an order that each page has', () => {
  const html = {
    'index.html': `${sheet('base.css')}${sheet('one.css')}${tag('a.js')}`,
    'other/index.html': `${sheet('base.css')}${sheet('two.css')}${tag('a.js')}flight: ${CHUNKS}/two.css`,
  }
  withExport({ ...SHEETS, [`${CHUNKS}/a.js`]: 'a()', ...html }, folder => {
    assert.deepEqual(mergeChunks(folder), { before: 3, after: 1 })
    const [name, ...others] = readdirSync(join(folder, CHUNKS)).filter(one => one.endsWith('.css'))
    assert.deepEqual(others, [])
    assert.equal(readFileSync(join(folder, CHUNKS, name!), 'utf8'), 'base{}\none{}\ntwo{}')
    assert.equal(readFileSync(join(folder, 'index.html'), 'utf8'), `${sheet(name!)}${tag('a.js')}`)
    const other = readFileSync(join(folder, 'other/index.html'), 'utf8')
    assert.equal(other, `${sheet(name!)}${tag('a.js')}flight: ${CHUNKS}/${name}`)
  })
})

test('style sheets in different orders end the build: a merged file would change what applies', () => {
  const html = {
    'index.html': `${sheet('one.css')}${sheet('two.css')}${tag('a.js')}`,
    'other/index.html': `${sheet('two.css')}${sheet('one.css')}${tag('a.js')}`,
  }
  withExport({ ...SHEETS, [`${CHUNKS}/a.js`]: 'a()', ...html }, folder => {
    assert.throws(() => mergeChunks(folder), /different orders/)
  })
})

test('the name of a file changes with its content', () => {
  const nameOf = (a: string) => {
    let name = ''
    withExport({ ...EXPORT, [`${CHUNKS}/a.js`]: a }, folder => {
      mergeChunks(folder)
      name = scripts(readFileSync(join(folder, 'index.html'), 'utf8'))[0]!
    })
    return name
  }
  assert.equal(nameOf('a()'), nameOf('a()'))
  assert.notEqual(nameOf('a()'), nameOf('a2()'))
})

test('an export that is not as expected ends the build', () => {
  withExport({ 'index.html': '<p>no scripts</p>' }, folder => {
    assert.throws(() => mergeChunks(folder), /a page has no scripts/)
  })
})
