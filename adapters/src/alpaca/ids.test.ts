// Ids as UUIDs and back, and texts that are none.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { numberOfUuid, textOfUuid, uuidOfNumber, uuidOfText } from './ids.ts'

describe('a UUID', () => {
  test('has the number of an order in its last digits', () => {
    assert.equal(uuidOfNumber('1042'), '00000000-0000-0000-0000-000000001042')
    for (const number of ['1', '1042', '999999999999999']) assert.equal(numberOfUuid(uuidOfNumber(number)), number)
    assert.equal(numberOfUuid('1042'), '1042', 'the exchange’s own id is taken too')
  })

  test('of another kind is no order', () => {
    const others = ['', 'x', '0', uuidOfNumber('0'), '61e69015-8549-4bfd-b9c3-01e75843f47d', uuidOfText('PPR')]
    for (const text of others) assert.equal(numberOfUuid(text), undefined, text)
  })

  test('has the bytes of a symbol or an account', () => {
    assert.equal(uuidOfText('PPR'), '50505200-0000-0000-0000-000000000000')
    for (const text of ['A', 'PPR', 'BRK.B', 'p0a1b2c3d4e5f']) assert.equal(textOfUuid(uuidOfText(text)), text)
    assert.equal(textOfUuid('PPR'), 'PPR')
  })
})
