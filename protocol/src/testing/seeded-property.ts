// For property tests of every package: runs a property under TEST_SEED, or under a random seed, and names the command that repeats
// a failure.

import { relative } from 'node:path'
import fc from 'fast-check'

const SEED = Number(process.env.TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31))

/** @param file the test's own: import.meta.filename */
export function holds<Ts>(file: string, property: fc.IProperty<Ts>, numRuns = 200): void {
  report(file, fc.check(property, { seed: SEED, numRuns }))
}

/** The same for a property that has to wait. */
export async function holdsAsync<Ts>(file: string, property: fc.IAsyncProperty<Ts>, numRuns = 200): Promise<void> {
  report(file, await fc.check(property, { seed: SEED, numRuns }))
}

function report<Ts>(file: string, details: fc.RunDetails<Ts>): void {
  if (!details.failed) return
  const again = `TEST_SEED=${SEED} node --test ${relative(process.cwd(), file)}`
  throw new Error(`${fc.defaultReportMessage(details)}\n\nAgain with: ${again}`)
}
