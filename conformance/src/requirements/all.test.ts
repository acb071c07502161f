// The table of requirements: each has a name of its own that reports and `--only` can use, and a sentence.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { REQUIREMENTS } from './all.ts'

describe('REQUIREMENTS', () => {
  it('have a name of their own and a sentence', () => {
    const ids = REQUIREMENTS.map(({ id }) => id)
    assert.deepEqual(ids, [...new Set(ids)])
    for (const { id, text, section } of REQUIREMENTS) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/)
      assert.match(text, /^[A-Za-z`].*\.$/, id)
      assert.ok(section.length > 3)
    }
  })
})
