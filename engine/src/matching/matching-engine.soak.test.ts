// Half a million random messages, each followed by a check of the books; `npm run soak -w @papertape/engine` sends ten
// million.

import { test } from 'node:test'
import { repeatCommand, TEST_SEED } from '@papertape/protocol/testing'
import { soakBooks } from '../testing/soak/book-soak.ts'

test('the books are consistent after each of 500,000 random messages', t => {
  try {
    soakBooks(500_000, TEST_SEED, line => t.diagnostic(line))
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\nRepeat with: ${repeatCommand(import.meta.filename)}`, {
      cause: error,
    })
  }
})
