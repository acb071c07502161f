// The command `npm run pack:sim`: writes papertape-sim as one file that npm and npx install without a registry. The
// workspaces are in it as plain JavaScript, because Node strips no types below node_modules, and so is each dependency.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readManifest, writeManifest, writePlainPackage, writePlainSources } from './plain-package.mjs'
import { runNpm } from './run.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NAME = 'papertape-sim'
const BIN = `bin/${NAME}.mjs`
const SCOPE = '@papertape/'
/** The oldest that a test runs it in. */
const ENGINES = { node: '>=20' }
/** Of dependencies: what a program does not read. Their licences stay. */
const NOT_RUN = /\.(ts|mts|map|md|min\.js)$/
const HELP = `npm run pack:sim -- [--out FOLDER]

Packs papertape-sim with all that it needs: npx -p ./papertape-sim-VERSION.tgz papertape-sim run --seed 7

  --out FOLDER      where to write it; dist/ when absent
`

function stop(text, status) {
  process.stderr.write(`papertape: ${text}\n`)
  process.exit(status)
}

function readArguments() {
  try {
    return parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } }).values
  } catch (error) {
    return stop(`${error.message}; --help shows the options`, 2)
  }
}

function writePackage(folder) {
  const { version, description, license, type, dependencies } = readManifest(join(ROOT, 'simulators'))
  writePlainSources('simulators', folder)
  writeDependencies(dependencies, join(ROOT, 'simulators'), join(folder, 'node_modules'))
  cpSync(join(ROOT, 'tools', 'simulator-package/papertape-sim.mjs'), join(folder, BIN))
  cpSync(join(ROOT, 'tools', 'simulator-package/README.md'), join(folder, 'README.md'))
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  const files = ['bin', 'src']
  const bundleDependencies = Object.keys(dependencies)
  const parts = { bin: { [NAME]: BIN }, files, engines: ENGINES, dependencies, bundleDependencies }
  writeManifest(folder, { name: NAME, version, description, license, type, ...parts })
  return `${NAME}-${version}.tgz`
}

/** Those of a package and their own, all beside each other: the lockfile has one version of each. */
function writeDependencies(dependencies, from, target) {
  for (const name of Object.keys(dependencies ?? {})) {
    const source = dirname(findPackageJSON(name, join(from, 'package.json')))
    const copy = join(target, name)
    if (name.startsWith(SCOPE)) writePlainPackage(name.slice(SCOPE.length), copy)
    else cpSync(source, copy, { recursive: true, filter: path => !NOT_RUN.test(basename(path)) })
    writeDependencies(readManifest(source).dependencies, source, target)
  }
}

const values = readArguments()
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const out = resolve(values.out ?? join(ROOT, 'dist'))
const folder = mkdtempSync(join(tmpdir(), 'papertape-pack-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
try {
  mkdirSync(out, { recursive: true })
} catch (error) {
  stop(`cannot write to ${out}: ${error.message}`, 1)
}
const file = writePackage(folder)
const failure = runNpm(['pack', folder, '--pack-destination', out], { cwd: folder })
if (failure !== undefined) stop(`npm pack ${failure}`, 1)
process.stdout.write(`file ${join(out, file)}\n`)
