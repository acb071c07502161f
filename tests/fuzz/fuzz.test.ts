// No input crashes the service or breaks an invariant. `npm run soak -w tests -- fuzz` goes on for ten minutes.

import { it } from 'node:test'
import { runFuzz } from './run-fuzz.ts'

const SECONDS = 12
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)

it(`survives random frames, messages, requests and orders for ${SECONDS} s (seed ${SEED})`, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/fuzz/fuzz.test.ts`)
  test.diagnostic(JSON.stringify(await runFuzz(SECONDS, SEED)))
})
