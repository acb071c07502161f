// The tests of this package, or of the folder that is named. First those that read the tree: what they find is found at
// once. Then all files, some at a time; then those named *.alone.test.ts, each by itself: they keep every core busy,
// and judge what a busy machine shows late. A few files that failed beside others are judged once more by themselves,
// with the seed that failed, and the last line names those that pass: docs/decisions/0049.

import { relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

const BESIDE_EACH_OTHER = 3
const FILE_MAX_MS = 600_000
/** More than these are no matter of a busy machine. */
const JUDGED_AGAIN_MAX = 3

interface HowToRun {
  readonly concurrency?: number
  readonly isolation?: 'process' | 'none'
  readonly seed?: string | undefined
}
/** The seed that a failed test of the file names, by file; '' is the run itself. */
type FailedFiles = Map<string, string | undefined>

/** Runs the files, and prints what they report. */
async function failedOf(globPatterns: string[], how: HowToRun = {}): Promise<FailedFiles> {
  const { concurrency = 1, isolation = 'process', seed } = how
  const failed: FailedFiles = new Map()
  const env = seed === undefined ? {} : { env: { ...process.env, TEST_SEED: seed } }
  const events = run({ globPatterns, concurrency, isolation, timeout: FILE_MAX_MS, ...env })
  events.on('test:fail', ({ file = '', name, todo }) => {
    if (todo === undefined) failed.set(file, failed.get(file) ?? /\(seed (\d+)\)/.exec(name)?.[1])
  })
  events.on('test:summary', ({ file = '', success }) => {
    if (!success && (file !== '' || failed.size === 0)) failed.set(file, failed.get(file))
  })
  for await (const text of events.compose(new spec())) process.stdout.write(text)
  return failed
}

/** Whether each of them passes by itself. */
async function passAlone(failed: FailedFiles): Promise<boolean> {
  if (failed.size > JUDGED_AGAIN_MAX || failed.has('')) return false
  const passed: string[] = []
  for (const [file, seed] of failed) if ((await failedOf([file], { seed })).size === 0) passed.push(relative('.', file))
  if (passed.length > 0) console.log(`Failed beside others, passed by itself: ${passed.join(', ')}`)
  return passed.length === failed.size
}

async function runAll(): Promise<boolean> {
  const untidy = await failedOf(['lockfile.test.ts', 'tidy/*.test.ts'], { isolation: 'none' })
  if (untidy.size > 0) return false
  // Whoever mends a test wants to know of the others.
  const beside = await failedOf(['!(tidy)/**/!(*.alone).test.ts'], { concurrency: BESIDE_EACH_OTHER })
  const alone = await failedOf(['**/*.alone.test.ts'])
  return (await passAlone(beside)) && alone.size === 0
}

process.chdir(process.argv[2] ?? import.meta.dirname)
process.exitCode = (await runAll()) ? 0 : 1
