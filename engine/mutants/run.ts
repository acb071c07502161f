// The command `npm run mutants -w @papertape/engine`: plants each mutant in a copy of the engine, runs the engine's
// tests and prints which test caught it. Fails when one survives, when its text is missing, or when the tests fail
// without any. Takes minutes. `-- FOK` runs only the mutants whose description contains FOK.

import { spawn } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Mutant, plant } from './mutant.ts'
import { MUTANTS } from './mutants.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const REPORTER = new URL('first-failure.ts', import.meta.url).href
/** Most mutants break a rule, so that the slow tests are needed for few of them. All other tests run second. */
const FIRST = /\/rulebook\.test/
const LAST = /property|soak|flash1|auction-price/
/** A mutant may cause an endless loop. */
const STAGE_MS_MAX = 90_000

/** A copy of the engine to plant mutants in. */
class EngineCopy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'papertape-mutants-'))

  constructor() {
    for (const path of ['engine/src', 'engine/rulebook', 'engine/package.json']) {
      cpSync(join(ROOT, path), join(this.#folder, path), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.#folder, 'node_modules'), 'junction')
  }

  /** The name of the first test that fails, or undefined when all pass. */
  async testWith(mutant: Mutant): Promise<string | undefined> {
    const path = join(this.#folder, 'engine/src', mutant.file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(path, plant(mutant, source))
    try {
      return await this.test()
    } finally {
      writeFileSync(path, source)
    }
  }

  async test(): Promise<string | undefined> {
    const files = globSync('engine/src/**/*.test.ts', { cwd: this.#folder })
    const first = files.filter(file => FIRST.test(file))
    const last = files.filter(file => LAST.test(file))
    const rest = files.filter(file => !first.includes(file) && !last.includes(file))
    return (await this.#firstFailure(first)) ?? (await this.#firstFailure(rest)) ?? this.#firstFailure(last)
  }

  close(): void {
    rmSync(this.#folder, { recursive: true })
  }

  #firstFailure(files: readonly string[]): Promise<string | undefined> {
    const options = ['--test', '--test-isolation=none', `--test-reporter=${REPORTER}`]
    const child = spawn(process.execPath, [...options, ...files], {
      cwd: this.#folder,
      timeout: STAGE_MS_MAX,
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
        else resolve(signal === null ? output.split('\n')[0] || 'the tests do not load' : 'time limit')
      })
    })
  }
}

/** As many at a time as there are cores. @returns how many survived. */
async function run(mutants: readonly Mutant[]): Promise<number> {
  const waiting = [...mutants.entries()]
  let survivors = 0
  const work = async () => {
    const copy = new EngineCopy()
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [at, mutant] = next
        const startMs = Date.now()
        const caughtBy = await copy.testWith(mutant)
        if (caughtBy === undefined) survivors++
        const seconds = ((Date.now() - startMs) / 1_000).toFixed(1)
        console.log(`${String(at + 1).padStart(2)}  ${mutant.breaks}\n    ${caughtBy ?? 'SURVIVES'}  (${seconds} s)`)
      }
    } finally {
      copy.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), mutants.length) }, work))
  return survivors
}

async function failureWithoutMutant(): Promise<string | undefined> {
  const copy = new EngineCopy()
  try {
    return await copy.test()
  } finally {
    copy.close()
  }
}

const filter = process.argv[2] ?? ''
const mutants = MUTANTS.filter(({ breaks }) => breaks.includes(filter))
const failure = await failureWithoutMutant()
if (failure !== undefined) {
  console.error(`The tests fail without a mutant: ${failure}`)
  process.exit(1)
}
const survivors = await run(mutants)
console.log(`${mutants.length - survivors} of ${mutants.length} mutants are caught.`)
process.exitCode = survivors === 0 && mutants.length > 0 ? 0 : 1
