// Half a million random messages with everything checked after each; `npm run soak -w @papertape/engine` sends
// ten million.

import { test } from 'node:test'
import { soakBooks } from '../testing/soak/book-soak.ts'

test('after each of 500,000 random messages the books are sound', t => {
  const seed = Number(process.env.TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31))
  try {
    soakBooks(500_000, seed, line => t.diagnostic(line))
  } catch (error) {
    const again = `TEST_SEED=${seed} node --test engine/src/matching-engine.soak.test.ts`
    throw new Error(`${(error as Error).message}\n\nAgain with: ${again}`, { cause: error })
  }
})
