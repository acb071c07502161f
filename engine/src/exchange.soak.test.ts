// Fifty thousand random commands for the whole exchange, each followed by all checks; `npm run soak -w
// @papertape/engine` sends ten million.

import { test } from 'node:test'
import { TEST_SEED } from '@papertape/protocol/testing'
import { soakExchange } from './testing/soak/exchange-soak.ts'

test('cash, shares, books, queues and streams are consistent after each of 50,000 random commands', () => {
  // A failure prints the command that repeats it.
  soakExchange(50_000, TEST_SEED, () => undefined)
})
