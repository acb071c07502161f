// Numbers as text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as format from './format.ts'

test('prices and changes have fixed decimals, a sign for gains too, and a true minus', () => {
  assert.equal(format.formatPrice(1234.5, 2), '1,234.50')
  assert.equal(format.formatPrice(null, 2), format.NOTHING)
  assert.equal(format.formatSigned(1.5, 2), '+1.50')
  assert.equal(format.formatSigned(-1.5, 2), '\u22121.50')
  assert.equal(format.formatSigned(-0.001, 2), '0.00')
  assert.equal(format.formatPercent(-0.0123), '\u22121.23%')
})

test('numbers in a text of the server are grouped, without the noise of binary fractions', () => {
  const cases = [
    ['It needs 18552000 of 1000000.', 'It needs 18,552,000 of 1,000,000.'],
    ['The price 184.19000000000003 is off.', 'The price 184.19 is off.'],
    ['Buy 1200 at 1184.50, GTC', 'Buy 1,200 at 1,184.50, GTC'],
    ['order o12345 of web-16k2-99999 at 13:37:05', 'order o12345 of web-16k2-99999 at 13:37:05'],
    ['already 1,000.50 here', 'already 1,000.50 here'],
    ['No answer in 10000 ms', 'No answer in 10,000 ms'],
  ]
  for (const [text, expected] of cases) assert.equal(format.groupNumbers(text!), expected)
})

test('large numbers and ages are shortened', () => {
  assert.equal(format.formatBasisPoints(0.000_16), '1.6 bp')
  assert.equal(format.formatCompact(9_999), '9,999')
  assert.equal(format.formatCompact(12_345), '12.3K')
  assert.equal(format.formatCompact(5_000, 10_000), '5.00K')
  assert.equal(format.formatCompact(123_456), '123K')
  assert.equal(format.formatCompact(1_234_567), '1.23M')
  assert.equal(format.formatAge(120), '120 ms')
  assert.equal(format.formatAge(2_300), '2.3 s')
  assert.equal(format.formatAge(44_400), '44 s')
  assert.equal(format.formatAge(null), format.NOTHING)
})

test('directions have a word, and an arrow beside the colour', () => {
  assert.deepEqual([2, -2, 0, null].map(format.directionOf), ['up', 'down', 'flat', 'flat'])
  assert.deepEqual([format.ARROWS.up, format.ARROWS.down], ['\u25b2', '\u25bc'])
})

test('times are of the market, UTC', () => {
  assert.equal(format.formatTime(Date.UTC(2026, 0, 2, 14, 3, 7)), '14:03:07')
})

test('a countdown has minutes and seconds, hours when there are some, and ends at zero', () => {
  assert.deepEqual([252_000, 6_100, 3_852_000, -1].map(format.formatCountdown), ['4:12', '0:07', '1 h 04 min', '0:00'])
})
