// The lockfile must install anywhere, from any registry: it names no host, knows every platform's packages, and has a
// checksum for whatever comes over the network.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly optional?: boolean
  readonly inBundle?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
type Lock = Readonly<Record<string, LockedPackage>>

const MODULES = 'node_modules/'

/** What names a host: a mirror of whoever wrote the lockfile would be asked by everybody. */
function hostsNamed(text: string): string[] {
  return [...text.matchAll(/"resolved": "[^"]*:\/\/[^"]*"|"[^"]*(?:git\+|https?:)[^"]*": \{/g)].map(([found]) => found)
}

/** Dependencies that a package declares and the lock does not hold, looked for as Node looks for them. */
function unlocked(lock: Lock): string[] {
  return Object.entries(lock).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter(name => !foldersAbove(path).some(folder => `${folder}${MODULES}${name}` in lock))
      .map(name => `${path || 'the root'} needs ${name}`),
  )
}

/** `a/node_modules/b` sees `a/node_modules/b/`, `a/`, and the root. */
function foldersAbove(path: string): string[] {
  const folders = ['']
  if (path === '') return folders
  const parts = path.split('/')
  for (let length = 1; length <= parts.length; length++) folders.push(`${parts.slice(0, length).join('/')}/`)
  return folders
}

/** Packages that come over the network without a checksum. */
function unchecked(lock: Lock): string[] {
  return Object.entries(lock)
    .filter(([path, entry]) => path.includes(MODULES) && entry.link !== true && entry.inBundle !== true)
    .filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))
    .map(([path]) => path)
}

const readLock = (path: string) => {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
  return { text, lock: (JSON.parse(text) as { packages: Lock }).packages }
}

describe('package-lock.json', () => {
  const { text, lock } = readLock('package-lock.json')

  it('names no host', () => {
    assert.deepEqual(hostsNamed(text), [])
    assert.equal(hostsNamed('"resolved": "https://registry.example/a/-/a-1.0.0.tgz"').length, 1, 'it would be found')
  })

  it('locks every dependency of every package, those of other platforms too', () => {
    assert.ok(Object.keys(lock).length > 50, 'the lockfile was read')
    assert.deepEqual(unlocked(lock), [])
    const gap = { 'node_modules/a': { optionalDependencies: { 'a-win32-x64': '1.0.0' } } }
    assert.deepEqual(unlocked(gap), ['node_modules/a needs a-win32-x64'], 'it would be found')
  })

  it('has Node itself for each platform, as an option', () => {
    const { optionalDependencies } = lock['']!
    const runtimes = Object.keys(optionalDependencies ?? {}).filter(name => /^node-/.test(name))
    assert.ok(runtimes.length >= 5, runtimes.join(', '))
    for (const name of runtimes) assert.equal(lock[MODULES + name]?.optional, true, name)
    for (const platform of ['linux-x64', 'linux-arm64', 'darwin', 'win']) {
      assert.ok(
        runtimes.some(name => name.includes(platform)),
        platform,
      )
    }
  })

  it('has a checksum for each package of the registry', () => {
    assert.deepEqual(unchecked(lock), [])
    assert.deepEqual(unchecked({ 'node_modules/a': { version: '1.0.0' } }), ['node_modules/a'], 'it would be found')
  })
})

describe('tools/chromium/package-lock.json', () => {
  const { text, lock } = readLock('tools/chromium/package-lock.json')

  it('names no host, locks every dependency, and has a checksum for each', () => {
    assert.ok('node_modules/@sparticuz/chromium' in lock)
    assert.deepEqual(hostsNamed(text), [])
    assert.deepEqual(unlocked(lock), [])
    assert.deepEqual(unchecked(lock), [])
  })
})
