// Hotkeys act only where they cannot mean anything else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyRefusal } from '../orders/arming.ts'
import { actionOf, actOf, HOTKEYS, type KeyPress } from './hotkeys.ts'

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  typing: false,
  isOnElement: false,
  isTrading: true,
  ...change,
})

test('each key has one meaning, in either case', () => {
  const keys = HOTKEYS.flatMap(one => [...one.keys] as string[])
  assert.equal(new Set(keys).size, keys.length)
  for (const { keys: own, action } of HOTKEYS) for (const key of own) assert.equal(actionOf(press(key), true), action)
  assert.equal(actionOf(press('B', { shiftKey: true }), true), 'buy')
  assert.equal(actionOf(press('d'), true), undefined)
})

test('not while typing, not with a modifier, not when switched off', () => {
  for (const { keys, action } of HOTKEYS) {
    if (action === 'escape' || action === 'nextPanel') continue
    for (const key of keys) {
      assert.equal(actionOf(press(key, { typing: true }), true), undefined, key)
      for (const modifier of ['ctrlKey', 'metaKey', 'altKey'] as const)
        assert.equal(actionOf(press(key, { [modifier]: true }), true), undefined, key)
      assert.equal(actionOf(press(key), false), undefined, key)
    }
  }
})

test('Escape and F6 also from a field, and when single keys are switched off', () => {
  assert.equal(actionOf(press('Escape', { typing: true }), false), 'escape')
  assert.equal(actionOf(press('F6', { typing: true }), false), 'nextPanel')
  assert.equal(actionOf(press('F6', { shiftKey: true }), true), 'previousPanel')
  assert.equal(actionOf(press('F6', { ctrlKey: true }), true), undefined)
})

test('Enter belongs to the element that has the focus', () => {
  assert.equal(actionOf(press('Enter'), true), 'send')
  assert.equal(actionOf(press('Enter', { isOnElement: true }), true), undefined)
  assert.equal(actionOf(press('.', { isOnElement: true }), true), 'send')
})

test('on another screen nothing trades', () => {
  const actions = HOTKEYS.flatMap(({ keys }) => keys.map(key => actionOf(press(key, { isTrading: false }), true)))
  assert.deepEqual(actions.filter(one => one !== undefined).sort(), ['escape', 'freeze', 'help', 'nextPanel'])
})

test('the help says of just the keys that have to be armed that they have to be', () => {
  for (const { action, description } of HOTKEYS) {
    const act = actOf(action)
    const isGuarded = act !== undefined && keyRefusal(act, false) !== undefined
    assert.equal(/if armed/.test(description), isGuarded, description)
  }
  assert.equal(actOf('cancelAll'), 'cancel')
  assert.equal(actOf('freeze'), undefined)
})
