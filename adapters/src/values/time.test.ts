// Times against the runtime's Date: written, read back, with offsets, and what is no time.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { formatDate, formatTimestamp, parseTimestamp, startOfDay } from './time.ts'

const anyMs = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2249, 11, 31) })

describe('a time', () => {
  test('is written as Date writes it, with microseconds', () => {
    holds(
      import.meta.filename,
      fc.property(anyMs, fc.integer({ min: 0, max: 999 }), (ms, us) => {
        const written = `${new Date(ms).toISOString().slice(0, -1)}${String(us).padStart(3, '0')}Z`
        assert.equal(formatTimestamp(ms * 1_000 + us), written)
        assert.equal(formatDate(ms), written.slice(0, 10))
        assert.equal(startOfDay(ms), Date.parse(written.slice(0, 10)))
      }),
    )
  })

  test('is read as Date reads it', () => {
    holds(
      import.meta.filename,
      fc.property(anyMs, ms => {
        const written = new Date(ms).toISOString()
        assert.equal(parseTimestamp(written), ms)
        assert.equal(parseTimestamp(written.slice(0, 10)), Date.parse(written.slice(0, 10)))
      }),
    )
  })

  test('may have an offset, more digits, or no seconds', () => {
    const cases = ['2026-01-05T09:30:00-05:00', '2026-01-05T09:30+0530', '2026-01-05T09:30:00.123456789Z']
    assert.deepEqual(cases.map(parseTimestamp), [
      Date.UTC(2026, 0, 5, 14, 30),
      Date.UTC(2026, 0, 5, 4),
      Date.UTC(2026, 0, 5, 9, 30, 0, 123),
    ])
    assert.equal(parseTimestamp('2024-02-29'), Date.UTC(2024, 1, 29))
  })

  test('is none where the calendar has no such day, or in any other form', () => {
    for (const text of ['', 'now', '1767605400', '2026-02-29', '2026-13-01', '2026-00-10', '2026-01-05T25:00:00Z']) {
      assert.equal(parseTimestamp(text), undefined, text)
    }
  })
})
