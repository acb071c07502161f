// The command `npm run mutants [-- WORDS] [--jobs=N]`: plants each mutant in a copy of the repository, runs the tests
// of its package and prints which test caught it. Fails when one survives, when its text is missing, or when the tests
// fail without any. WORDS runs only the mutants whose description or file contains them.

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { MUTANTS } from './lists/index.ts'
import { type Mutant, packageOfMutant } from './mutant.ts'
import { Workspace } from './workspace.ts'

/** The tests of the slowest package take some two minutes. */
const TEST_MS_MAX = 900_000

/** @returns those that survived. @param timesMs how long the tests of each package take without a mutant. */
async function run(mutants: readonly Mutant[], jobs: number, timesMs: ReadonlyMap<string, number>): Promise<Mutant[]> {
  const waiting = [...mutants.entries()]
  const survivors: Mutant[] = []
  const work = async () => {
    const workspace = new Workspace()
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [at, mutant] = next
        const startMs = Date.now()
        const caughtBy = await workspace.test(mutant, 30_000 + 2 * jobs * timesMs.get(packageOfMutant(mutant))!)
        if (caughtBy === undefined) survivors.push(mutant)
        const seconds = ((Date.now() - startMs) / 1_000).toFixed(1)
        const number = String(at + 1).padStart(3)
        console.log(
          `${number}  ${packageOfMutant(mutant)}: ${mutant.breaks}\n     ${caughtBy ?? 'SURVIVES'}  (${seconds} s)`,
        )
      }
    } finally {
      workspace.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(jobs, mutants.length) }, work))
  return survivors
}

/** Runs the tests without a mutant: how long they take, and the first failure. */
async function runUnchanged(
  packages: Iterable<string>,
): Promise<{ timesMs: ReadonlyMap<string, number>; failure: string | undefined }> {
  const timesMs = new Map<string, number>()
  const workspace = new Workspace()
  try {
    for (const name of packages) {
      const startMs = Date.now()
      const failure = await workspace.testPackage(name, TEST_MS_MAX)
      if (failure !== undefined) return { timesMs, failure: `${name}: ${failure}` }
      timesMs.set(name, Date.now() - startMs)
    }
    return { timesMs, failure: undefined }
  } finally {
    workspace.close()
  }
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: String(availableParallelism()) } },
})
const words = positionals.join(' ')
const jobs = Number(values.jobs)
const mutants = MUTANTS.filter(({ breaks, file }) => breaks.includes(words) || file.includes(words))
if (mutants.length === 0 || !Number.isSafeInteger(jobs) || jobs < 1) {
  console.error(
    mutants.length === 0 ? `No mutant contains: ${words}` : `--jobs must be a positive integer: ${values.jobs}`,
  )
  process.exit(1)
}
const { timesMs, failure } = await runUnchanged(new Set(mutants.map(packageOfMutant)))
if (failure !== undefined) {
  console.error(`The tests fail without a mutant: ${failure}`)
  process.exit(1)
}
const survivors = await run(mutants, jobs, timesMs)
console.log(`${mutants.length - survivors.length} of ${mutants.length} mutants are caught.`)
for (const mutant of survivors) console.log(`Survives: ${mutant.file}: ${mutant.breaks}`)
process.exitCode = survivors.length === 0 ? 0 : 1
