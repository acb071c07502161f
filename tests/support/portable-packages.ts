// Writes protocol, engine and simulators as plain JavaScript to a folder, for a page or an older Node: types erased,
// not bundled.

import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['protocol', 'engine', 'simulators'] as const

/** The import map of a page that loads the packages. */
export const IMPORT_MAP = {
  imports: Object.fromEntries(
    PACKAGES.map(name => [`@papertape/${name}`, `/node_modules/@papertape/${name}/src/index.mjs`]),
  ),
}

export function writePortablePackages(folder: string): void {
  for (const name of PACKAGES) {
    const target = join(folder, 'node_modules/@papertape', name)
    const files = globSync('src/**/*.ts', { cwd: join(ROOT, name) }).filter(isShipped)
    for (const file of files) {
      const path = join(target, file.replace(/\.ts$/, '.mjs'))
      mkdirSync(dirname(path), { recursive: true })
      const code = stripTypeScriptTypes(readFileSync(join(ROOT, name, file), 'utf8'))
      writeFileSync(path, code.replace(/(\bfrom '\.[^']*)\.ts'/g, "$1.mjs'"))
    }
    writeFileSync(join(target, 'package.json'), JSON.stringify({ name, exports: './src/index.mjs' }))
  }
}

/** What the index imports; commands, schemas and tests run in Node alone. */
function isShipped(file: string): boolean {
  return !/(^|[\\/])(cli|schemas|testing)[\\/]|\.test\.ts$/.test(file)
}
