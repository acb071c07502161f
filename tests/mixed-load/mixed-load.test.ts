// Readers, slow readers, bots, floods and restarts at once: a clean oracle, a clean journal and flat memory.
// `npm run soak -w tests -- load` goes on for an hour.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { runMixedLoad } from './run-mixed-load.ts'

/** It takes a third of two cores, beside other tests. */
const SECONDS = 300
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)

it(`stays exact and flat under mixed load for ${SECONDS} s (seed ${SEED})`, { timeout: 900_000 }, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/mixed-load/mixed-load.test.ts`)
  const report = await runMixedLoad(SECONDS, SEED)
  test.diagnostic(JSON.stringify(report))
  const { evictions, executions, messages, booksChecked, changes } = report
  for (const [name, count] of Object.entries({ evictions, executions, messages, booksChecked, changes }))
    assert.ok(count > 0, `no ${name}: too little was tested`)
})
