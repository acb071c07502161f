// The command `npm run demo`: makes a folder with the dashboard and its market in the page, for any static server.
// Takes the export of the dashboard, fills in the path below which it will be served, and adds MSW's service worker.
// Plain JavaScript: it needs nothing but the build.

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const EXPORT = join(ROOT, 'web', 'out')
const PLACEHOLDER = '/__base_path__'
const TEXT = new Set(['.html', '.js', '.css', '.txt', '.json', '.webmanifest', '.svg'])
const HELP = `npm run demo -- [--base-path /papertape] [--out FOLDER]

Makes a folder of static files in which the whole dashboard runs on a market in the page. No server of ours is needed.

  --base-path PATH  the path below which the folder will be served; the root when absent
  --out FOLDER      where to write it; demo/ when absent. A folder that exists is replaced if it is a demo.
`

function fail(text) {
  process.stderr.write(`papertape: ${text}\n`)
  process.exit(2)
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { 'base-path': { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } },
    })
    return values
  } catch (error) {
    return fail(`${error.message}; --help shows the options`)
  }
}

/** `/papertape`, or empty. */
function readBasePath(given = '') {
  const path = given.replace(/\/+$/, '')
  if (path === '' || /^(\/[\w.~-]+)+$/.test(path)) return path
  return fail(`--base-path is a path such as /papertape, not ${given}`)
}

const MARK = '<html lang="en"'
const values = readArguments()
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const basePath = readBasePath(values['base-path'])
const out = resolve(values.out ?? join(ROOT, 'demo'))
const worker = join(out, 'mockServiceWorker.js')
if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(worker)) {
  fail(`${out} exists and is no demo; name another folder with --out`)
}
rmSync(out, { recursive: true, force: true })
// The compressed forms are of what the server sends, not of a demo.
cpSync(EXPORT, out, { recursive: true, filter: path => extname(path) !== '.br' })
for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
  const extension = extname(entry.name)
  if (!entry.isFile() || !TEXT.has(extension)) continue
  const file = join(entry.parentPath, entry.name)
  const text = readFileSync(file, 'utf8').replaceAll(PLACEHOLDER, basePath)
  writeFileSync(file, extension === '.html' ? text.replace(MARK, `${MARK} data-demo="on"`) : text)
}
const require = createRequire(join(ROOT, 'mocks', 'package.json'))
cpSync(require.resolve('msw/mockServiceWorker.js'), worker)
const place = basePath === '' ? 'the root of an address' : `${basePath}/`
const trial = basePath === '' ? `  try it     python3 -m http.server --directory ${out} 8000\n` : ''
process.stdout.write(`The demo is in ${out}\n  serve it   with any static server, at ${place}\n${trial}`)
