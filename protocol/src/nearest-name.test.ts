// The known name that is nearest to a mistyped one, and when there is none.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestName } from './nearest-name.ts'

const KNOWN = ['symbols', 'events', 'maxHz', 'clientOrderId', 'size', '--seed']
const SYNONYMS = { qty: ['displaySize', 'size'], constructor: ['events'] }

for (const [name, meant] of [
  ['symbol', 'symbols'],
  ['sybmols', 'symbols'],
  ['EVENTS', 'events'],
  ['max_hz', 'maxHz'],
  ['client-order-id', 'clientOrderId'],
  ['qty', 'size'],
  ['Q_T_Y', 'size'],
  ['constructor', 'events'],
  ['sead', '--seed'],
  ['myevents2024', 'events'],
  ['x'.repeat(10_000), undefined],
  ['wholly-other', undefined],
  ['toString', undefined],
  ['__proto__', undefined],
  ['', undefined],
  ['--', undefined],
] as const) {
  test(`${name.slice(0, 20)} is nearest to ${meant}`, () => assert.equal(nearestName(name, KNOWN, SYNONYMS), meant))
}

test('returns undefined when no name is known', () => assert.equal(nearestName('size', []), undefined))
