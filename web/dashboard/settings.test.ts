// Settings and storage: whatever the browser holds or refuses, the page has settings, and each is one that there is.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSettings, readSettings, STANDARD_SETTINGS } from './settings.ts'
import { createSafeStorage, type Storage } from './storage.ts'

test('settings fall back one by one', () => {
  const kept = { theme: 'light', palette: 'red', announcePrices: 'yes', singleKeys: false, other: 1 }
  assert.deepEqual(readSettings(JSON.stringify(kept)), { ...STANDARD_SETTINGS, theme: 'light', singleKeys: false })
})

test('what is no object of ours is the standard', () => {
  for (const text of [null, '', '{', 'null', '[]', '42', '"light"', '{"theme":["light"]}', '\u0000']) {
    assert.deepEqual(readSettings(text), STANDARD_SETTINGS, String(text))
  }
})

const thrower = (what: 'get' | 'set' | 'open'): (() => Storage) => {
  const fail = (): never => {
    throw new DOMException('shut', 'SecurityError')
  }
  if (what === 'open') return fail
  return () => ({
    getItem: what === 'get' ? fail : () => null,
    setItem: what === 'set' ? fail : () => {},
    removeItem: fail,
  })
}

test('a storage that throws, or is not there, stops nothing', () => {
  for (const open of [thrower('get'), thrower('set'), thrower('open'), () => null, () => undefined]) {
    const storage = createSafeStorage(open)
    const settings = createSettings(storage)
    settings.change({ theme: 'dark' })
    assert.equal(settings.cell.get().theme, 'dark')
    storage.removeItem('x')
  }
})

test('what was changed is there the next time', () => {
  const kept = new Map<string, string>()
  const storage = createSafeStorage(() => ({
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: key => void kept.delete(key),
  }))
  createSettings(storage).change({ palette: 'blue' })
  assert.equal(createSettings(storage).cell.get().palette, 'blue')
})
