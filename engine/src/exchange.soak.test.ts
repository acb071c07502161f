// Fifty thousand random commands for the whole exchange, accounts included, with everything checked after each;
// `npm run soak -w @papertape/engine` sends ten million.

import { test } from 'node:test'
import { TEST_SEED } from '@papertape/protocol/testing'
import { soakExchange } from './testing/soak/exchange-soak.ts'

test('after each of 50,000 random commands cash and shares are kept, and books, queues and streams are sound', () => {
  // A failure prints the command that repeats it.
  soakExchange(50_000, TEST_SEED, () => undefined)
})
