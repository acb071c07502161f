// Hotkeys act only where they cannot mean anything else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, HOTKEYS } from './hotkeys.ts'

const press = (key: string, change = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  typing: false,
  ...change,
})

test('each key has one meaning, in either case', () => {
  assert.equal(new Set(HOTKEYS.map(({ key }) => key)).size, HOTKEYS.length)
  assert.equal(actionOf(press('B'), true), 'buy')
  assert.equal(actionOf(press('b'), true), 'buy')
  assert.equal(actionOf(press('q'), true), undefined)
})

test('not while typing, not with a modifier, not when switched off; Escape always', () => {
  assert.equal(actionOf(press('c', { typing: true }), true), undefined)
  assert.equal(actionOf(press('c', { ctrlKey: true }), true), undefined)
  assert.equal(actionOf(press('c'), false), undefined)
  assert.equal(actionOf(press('Escape', { typing: true }), false), 'escape')
})
