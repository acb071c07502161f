// The tests of this package. First those that read the tree: what they find is found at once. Then all files, some at a
// time; then those named *.alone.test.ts, each by itself: they keep every core busy, and judge what a busy machine
// shows late.

import { spawnSync } from 'node:child_process'

const BESIDE_EACH_OTHER = 3
const FILE_MAX_MS = 600_000

function run(...words: string[]): boolean {
  return spawnSync(process.execPath, ['--test', ...words], { stdio: 'inherit' }).status === 0
}

function runFiles(pattern: string, concurrency: number): boolean {
  return run(`--test-concurrency=${concurrency}`, `--test-timeout=${FILE_MAX_MS}`, pattern)
}

const isTidy = run('--test-isolation=none', 'lockfile.test.ts', 'tidy/*.test.ts')
// Whoever mends a test wants to know of the others.
if (
  !isTidy ||
  [runFiles('!(tidy)/**/!(*.alone).test.ts', BESIDE_EACH_OTHER), runFiles('**/*.alone.test.ts', 1)].includes(false)
) {
  process.exitCode = 1
}
