// The tests of this package, or of the folder that is named. First those that read the tree: what they find is found at
// once. Then all files, some at a time; then those named *.alone.test.ts, each by itself: they keep every core busy,
// and judge what a busy machine shows late. A few files that failed beside others are judged once more by themselves,
// with the same seed, and a line at the end names those that pass: docs/decisions/0049.

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
}

/** Runs the files, and prints what they report. @returns those that failed; '' is a failure of no file */
async function failedOf(globPatterns: string[], how: HowToRun = {}): Promise<ReadonlySet<string>> {
  const { concurrency = 1, isolation = 'process' } = how
  const failed = new Set<string>()
  const events = run({ globPatterns, concurrency, isolation, timeout: FILE_MAX_MS })
  events.on('test:fail', ({ file = '', todo }) => {
    if (todo === undefined) failed.add(file)
  })
  events.on('test:summary', ({ file, success }) => {
    if (file === undefined && !success && failed.size === 0) failed.add('')
  })
  for await (const text of events.compose(new spec())) process.stdout.write(text)
  return failed
}

/** Whether each of them passes by itself. */
async function passAlone(failed: ReadonlySet<string>): Promise<boolean> {
  if (failed.size === 0) return true
  if (failed.size > JUDGED_AGAIN_MAX || failed.has('')) return false
  const again = await failedOf([...failed])
  const passed = [...failed].filter(file => !again.has(file)).map(file => relative('.', file))
  if (passed.length > 0) console.log(`Failed beside others, passed by itself: ${passed.join(', ')}`)
  return again.size === 0
}

async function runAll(): Promise<boolean> {
  const untidy = await failedOf(['lockfile.test.ts', 'tidy/*.test.ts'], { isolation: 'none' })
  if (untidy.size > 0) return false
  // Whoever mends a test wants to know of the others.
  const beside = await failedOf(['!(tidy)/**/!(*.alone).test.ts'], { concurrency: BESIDE_EACH_OTHER })
  const alone = await failedOf(['**/*.alone.test.ts'])
  return (await passAlone(beside)) && alone.size === 0
}

// Of all files of this run, so that what is judged again has the seed that failed.
process.env.TEST_SEED ??= String(Date.now() % 100_000)
process.chdir(process.argv[2] ?? import.meta.dirname)
process.exitCode = (await runAll()) ? 0 : 1
