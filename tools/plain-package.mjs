// Writes a workspace as plain JavaScript to a folder, for a page, an older Node or a package: types erased, not
// bundled, each file at the path that it has. Tests and what only they use are left out.

import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Its sources, and a manifest with their exports.
 *
 * @param {string} workspace its folder: `engine`
 */
export function writePlainPackage(workspace, target) {
  writePlainSources(workspace, target)
  const { name, version, license, type, dependencies, exports } = readManifest(join(ROOT, workspace))
  const shipped = Object.entries(exports).filter(([, file]) => isShipped(file))
  const plainExports = Object.fromEntries(shipped.map(([path, file]) => [path, plainNameOf(file)]))
  writeManifest(target, { name, version, license, type, exports: plainExports, dependencies })
}

export function writePlainSources(workspace, target) {
  for (const file of globSync('src/**/*.ts', { cwd: join(ROOT, workspace) }).filter(isShipped)) {
    const path = join(target, plainNameOf(file))
    mkdirSync(dirname(path), { recursive: true })
    const code = stripTypeScriptTypes(readFileSync(join(ROOT, workspace, file), 'utf8'))
    // Of imports, and of workers, which are started by their path.
    writeFileSync(path, code.replace(/(?<=')\.{1,2}\/[^'\n]*\.ts(?=')/g, plainNameOf))
  }
}

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

export function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

function plainNameOf(file) {
  return file.replace(/\.ts$/, '.mjs')
}

function isShipped(file) {
  return !/[\\/]testing[\\/]|\.test\.ts$/.test(file)
}
