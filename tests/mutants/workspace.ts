// A copy of the repository in which a mutant is planted: the files of the packages, and links to the installed modules.
// Runs the tests of one package, those nearest to the mutant first.

import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Mutant, packageOfMutant, plant } from './mutant.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const REPORTER = new URL('first-failure.ts', import.meta.url).href
const NOT_COPIED = /(^|[\\/])(node_modules|\.git|\.next|\.tsc|\.turbo|out|results|screenshots)([\\/]|$)/
/** Catch most bugs of their package, wherever the bug is. */
const FIRST = /\/rulebook\.test/
/** Take long, and catch little that others do not. */
const LAST = /property|soak|flash1|auction-price|realism|oracle/

export class Workspace {
  readonly #folder = mkdtempSync(join(tmpdir(), 'papertape-mutants-'))

  constructor() {
    const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] }
    const filter = (path: string) => !NOT_COPIED.test(path.slice(ROOT.length))
    // Tests of the server compare its help with docs/.
    for (const path of ['package.json', 'tsconfig.base.json', 'docs', ...workspaces]) {
      cpSync(join(ROOT, path), join(this.#folder, path), { recursive: true, filter })
    }
    const modules = join(this.#folder, 'node_modules')
    mkdirSync(join(modules, '@papertape'), { recursive: true })
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (name === '@papertape') continue
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction')
    }
    // The packages see each other's copies.
    for (const name of workspaces) {
      symlinkSync(join(this.#folder, name), join(modules, '@papertape', name), 'junction')
      // What npm could not install at the root, because another package has another version.
      const own = join(ROOT, name, 'node_modules')
      if (existsSync(own)) symlinkSync(own, join(this.#folder, name, 'node_modules'), 'junction')
    }
  }

  /** The name of the first test that fails with the mutant, or undefined when it survives. */
  async test(mutant: Mutant, timeMaxMs: number): Promise<string | undefined> {
    const path = join(this.#folder, mutant.file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(path, plant(mutant, source))
    try {
      return await this.testPackage(packageOfMutant(mutant), timeMaxMs, dirname(mutant.file))
    } finally {
      writeFileSync(path, source)
    }
  }

  /**
   * The name of the first test that fails, or undefined when all pass.
   * @param timeMaxMs for each of three stages: a mutant may cause an endless loop.
   * @param near the folder whose tests run first.
   */
  async testPackage(name: string, timeMaxMs: number, near = name): Promise<string | undefined> {
    const files = globSync(`${name}/**/*.test.ts`, { cwd: this.#folder }).map(file => file.replaceAll('\\', '/'))
    const stageOf = (file: string) => {
      if (LAST.test(file)) return 2
      return FIRST.test(file) || dirname(file) === near ? 0 : 1
    }
    for (const stage of [0, 1, 2]) {
      const found = files.filter(file => stageOf(file) === stage)
      const failure = found.length === 0 ? undefined : await this.#firstFailure(found, timeMaxMs)
      if (failure !== undefined) return failure
    }
    return undefined
  }

  close(): void {
    rmSync(this.#folder, { recursive: true })
  }

  #firstFailure(files: readonly string[], timeMaxMs: number): Promise<string | undefined> {
    // As the packages' own scripts run them.
    const options = ['--test', '--test-isolation=none', `--test-reporter=${REPORTER}`]
    const child = spawn(process.execPath, [...options, ...files], {
      cwd: this.#folder,
      timeout: timeMaxMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    child.stdout.on('data', data => {
      output += data
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        if (code === 0) resolve(undefined)
        else resolve(signal === null ? output.trimEnd().split('\n').at(-1) || 'the tests do not load' : 'time limit')
      })
    })
  }
}
