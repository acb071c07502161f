// Each command exactly once, whatever breaks: connections that are cut at a random byte of either direction, and kills
// of the server. `npm run soak -w tests -- exactly-once` runs more.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { runCuts } from './run-cuts.ts'

const CUTS = 1_000
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)

it(`loses and doubles no command in ${CUTS} cuts (seed ${SEED})`, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/exactly-once/exactly-once.test.ts`)
  const report = await runCuts(CUTS, SEED)
  test.diagnostic(JSON.stringify(report))
  const { cuts, kills, unknowns } = report
  assert.ok(cuts >= CUTS && kills > 0 && unknowns > 0, 'answers were lost')
})
