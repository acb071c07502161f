// Property tests under one seed: TEST_SEED, or a random one. A failure prints the command that repeats it.

import { relative } from 'node:path'
import fc from 'fast-check'

/** The seed of this run. */
export const TEST_SEED = Number(process.env.TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31))

/** @param file the test's own: import.meta.filename */
export function repeatCommand(file: string): string {
  return `TEST_SEED=${TEST_SEED} node --test ${relative(process.cwd(), file)}`
}

export type Limits = Pick<fc.Parameters, 'interruptAfterTimeLimit' | 'markInterruptAsFailure'>

/** @param file the test's own: import.meta.filename */
export function holds<Ts>(file: string, property: fc.IProperty<Ts>, numRuns = 200, limits: Limits = {}): void {
  report(file, fc.check(property, { ...limits, seed: TEST_SEED, numRuns }))
}

/** The same for a property that returns a promise. */
export async function holdsAsync<Ts>(file: string, property: fc.IAsyncProperty<Ts>, numRuns = 200): Promise<void> {
  report(file, await fc.check(property, { seed: TEST_SEED, numRuns }))
}

function report<Ts>(file: string, details: fc.RunDetails<Ts>): void {
  if (!details.failed) return
  throw new Error(`${fc.defaultReportMessage(details)}\n\nRepeat with: ${repeatCommand(file)}`)
}
