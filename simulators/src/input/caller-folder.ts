// Where the caller of a command is: npm runs the scripts of a package in the package's folder and says in INIT_CWD
// where it was called. Only our own scripts count: a command that another package's script runs is called from where
// it runs.

import { fileURLToPath } from 'node:url'

const PACKAGES = ['../../../package.json', '../../package.json'].map(path =>
  fileURLToPath(new URL(path, import.meta.url)),
)
const SCRIPTS = new Set(['sim', 'start'])

export function callerFolder(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const { INIT_CWD: called, npm_package_json: script } = env
  const isOurs = script !== undefined && PACKAGES.includes(script) && SCRIPTS.has(env.npm_lifecycle_event ?? '')
  return isOurs && called !== undefined && called !== '' ? called : cwd
}
