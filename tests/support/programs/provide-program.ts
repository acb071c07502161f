// Programs that tests run beside ours: the installed one, else that of the distribution's package, which apt-get and
// dpkg unpack under node_modules/.cache without root. Installs nothing; where neither is there, the test is skipped.

import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

interface ProgramPackage {
  readonly package: string
  readonly addition?: string
  readonly file: string
}

/** The package of Debian and Ubuntu, with another one that belongs to it, and where it has the program. */
const PROGRAMS = {
  nginx: { package: 'nginx', addition: 'libnginx-mod-stream', file: 'usr/sbin/nginx' },
  haproxy: { package: 'haproxy', file: 'usr/sbin/haproxy' },
  caddy: { package: 'caddy', file: 'usr/bin/caddy' },
  prometheus: { package: 'prometheus', file: 'usr/bin/prometheus' },
  'nats-server': { package: 'nats-server', file: 'usr/sbin/nats-server' },
  promtool: { package: 'prometheus', file: 'usr/bin/promtool' },
} as const satisfies Readonly<Record<string, ProgramPackage>>
/** Of programs that only root usually runs: a user's PATH may lack it. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin']
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/papertape-programs', import.meta.url))
const DOWNLOAD_MAX_MS = 60_000
const UNPACK_MAX_MS = 30_000

export type ProgramName = keyof typeof PROGRAMS

export interface Program {
  readonly path: string
  /** With the libraries that came with it. */
  readonly env: NodeJS.ProcessEnv
}

/** @returns undefined when the test has been skipped, with the reason. */
export function provideProgram(test: TestContext, name: ProgramName): Program | undefined {
  const found = findProgram(name)
  if (!('reason' in found)) return found
  test.skip(found.reason)
  return undefined
}

/** @returns the program, or why a test that needs it is skipped */
export function findProgram(name: ProgramName): Program | { readonly reason: string } {
  const { package: packageName, addition, file }: ProgramPackage = PROGRAMS[name]
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  const installed = folders.map(folder => join(folder, name)).find(path => existsSync(path))
  if (installed !== undefined) return { path: installed, env: process.env }
  const packages = addition === undefined ? [packageName] : [packageName, addition]
  const root = join(CACHE, packages.join('+'))
  const failure = existsSync(root) ? undefined : unpackTo(root, packages)
  if (failure !== undefined) return { reason: `${name} is not installed, and cannot be had: ${failure}` }
  const libraries = globSync(join(root, 'usr/lib/*-linux-gnu*')).join(delimiter)
  return { path: join(root, file), env: { ...process.env, LD_LIBRARY_PATH: libraries } }
}

/** With what it depends on and the machine lacks. Other processes may do the same: the first one to be ready wins. */
function unpackTo(root: string, packages: readonly string[]): string | undefined {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, '.unpack-'))
  try {
    mkdirSync(join(folder, 'archives/partial'), { recursive: true })
    // No lock, no other user, and an end soon where there is no network.
    const settings = [
      'Debug::NoLocking=1',
      'APT::Sandbox::User=root',
      'Acquire::Retries=0',
      'Acquire::http::Timeout=10',
    ]
    const options = [`Dir::Cache::archives=${join(folder, 'archives')}`, ...settings].flatMap(one => ['-o', one])
    const flags = ['--download-only', '--no-install-recommends', '-y', ...options]
    const failure = run('apt-get', ['install', ...flags, ...packages], DOWNLOAD_MAX_MS)
    if (failure !== undefined) return failure
    for (const archive of globSync(join(folder, 'archives/*.deb'))) {
      const broken = run('dpkg', ['-x', archive, join(folder, 'root')], UNPACK_MAX_MS)
      if (broken !== undefined) return broken
    }
    if (!existsSync(root)) renameSync(join(folder, 'root'), root)
    return undefined
  } catch (error) {
    return existsSync(root) ? undefined : String(error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns why it failed, in a line. */
function run(program: string, words: readonly string[], timeout: number): string | undefined {
  const { error, status, stderr } = spawnSync(program, words, { timeout, encoding: 'utf8' })
  if (error !== undefined) return `${program}: ${error.message}`
  return status === 0 ? undefined : `${program} ended with ${status}: ${stderr.trim().split('\n').at(-1)}`
}
