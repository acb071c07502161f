// Arrow keys in a list of buttons: the focus moves between the stops, and stays inside the list.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KeyboardEvent } from 'react'
import { moveFocus } from './roving-focus.ts'

function press(key: string, at: number, count = 30) {
  let focused = at
  let prevented = false
  const stops = Array.from({ length: count }, (_, index) => ({
    focus() {
      focused = index
    },
  }))
  Object.assign(globalThis, { document: { activeElement: stops[at] ?? null } })
  const event = {
    key,
    currentTarget: { querySelectorAll: () => stops },
    preventDefault() {
      prevented = true
    },
  } as unknown as KeyboardEvent<HTMLElement>
  try {
    moveFocus(event)
  } finally {
    Reflect.deleteProperty(globalThis, 'document')
  }
  return { focused, prevented }
}

test('arrows move by one, page keys by ten, Home and End to the ends', () => {
  const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']
  assert.deepEqual(
    keys.map(key => press(key, 15).focused),
    [16, 14, 25, 5, 0, 29],
  )
})

test('the focus stays inside the list', () => {
  assert.equal(press('ArrowUp', 0).focused, 0)
  assert.equal(press('ArrowDown', 29).focused, 29)
  assert.equal(press('PageUp', 3).focused, 0)
  assert.equal(press('PageDown', 25).focused, 29)
})

test('other keys, and keys outside of the stops, are left to the browser', () => {
  assert.equal(press('a', 15).prevented, false)
  assert.equal(press('ArrowDown', 40).prevented, false)
  assert.equal(press('ArrowDown', 15).prevented, true)
})
