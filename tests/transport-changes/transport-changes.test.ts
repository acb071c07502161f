// Readers that change transport at random have each event once, in order, with the bytes of the log.
// `npm run soak -w tests -- transports` changes ten thousand times.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { runTransportChanges } from './run-transport-changes.ts'

const CHANGES = 500
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)

it(`loses and repeats no event in ${CHANGES} changes of transport (seed ${SEED})`, { timeout: 600_000 }, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/transport-changes/transport-changes.test.ts`)
  const report = await runTransportChanges(CHANGES, SEED)
  test.diagnostic(JSON.stringify(report))
  const { cuts, evictions, looks, booksChecked, visits } = report
  for (const [name, count] of Object.entries({ cuts, evictions, looks, booksChecked, ...visits }))
    assert.ok(count > 0, `no ${name}: too little was tested`)
})
