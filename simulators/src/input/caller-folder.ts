// The folder that a command was called in. npm runs the scripts of a package in the package's folder and passes the
// original folder in INIT_CWD. It is used only in our own scripts: a command in another package's script runs in its
// own folder.

import { fileURLToPath } from 'node:url'

const PACKAGES = ['../../../package.json', '../../package.json'].map(path =>
  fileURLToPath(new URL(path, import.meta.url)),
)
const SCRIPTS = new Set(['h3', 'sim', 'start'])

export function callerFolder(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const { INIT_CWD: called, npm_package_json: script } = env
  const isOurs = script !== undefined && PACKAGES.includes(script) && SCRIPTS.has(env.npm_lifecycle_event ?? '')
  return isOurs && called !== undefined && called !== '' ? called : cwd
}
