// The tables of error, reject and close codes: each code says what happened and what to do next.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CLOSE_CODES, ERRORS, REJECTS } from '@papertape/protocol'

describe('codes', () => {
  it('each have a description and a next step', () => {
    for (const [code, { status, title, retry }] of Object.entries(ERRORS)) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/)
      assert.ok(status >= 400 && status < 600 && title.length > 10, code)
      assert.match(retry, /^(retry|retryAfter|never)$/)
    }
    for (const [code, text] of Object.entries(REJECTS)) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/)
      assert.ok(text.length > 10, code)
    }
    for (const [code, { meaning, retry }] of Object.entries(CLOSE_CODES)) {
      assert.ok(meaning.length > 3, code)
      assert.match(retry, /^(retry|retryAfter|never)$/)
    }
  })
})
