// Settings and their storage: the page has valid settings whatever the browser stores or refuses to store.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSettings, DEFAULT_SETTINGS, readSettings } from './settings.ts'
import { createSafeStorage, type SettingsStorage } from './storage.ts'

test('an invalid setting falls back to its default, one by one', () => {
  const stored = { theme: 'light', palette: 'red', announcePrices: 'yes', singleKeys: false, other: 1 }
  assert.deepEqual(readSettings(JSON.stringify(stored)), { ...DEFAULT_SETTINGS, theme: 'light', singleKeys: false })
})

test('text that is no settings object gives the defaults', () => {
  for (const text of [null, '', '{', 'null', '[]', '42', '"light"', '{"theme":["light"]}', '\u0000']) {
    assert.deepEqual(readSettings(text), DEFAULT_SETTINGS, String(text))
  }
})

const thrower = (what: 'get' | 'set' | 'open'): (() => SettingsStorage) => {
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

test('a storage that throws or is missing keeps no setting from changing', () => {
  for (const open of [thrower('get'), thrower('set'), thrower('open'), () => null, () => undefined]) {
    const storage = createSafeStorage(open)
    const settings = createSettings(storage)
    settings.change({ theme: 'dark' })
    assert.equal(settings.state.get().theme, 'dark')
    storage.removeItem('x')
  }
})

test('a changed setting is restored on the next visit', () => {
  const stored = new Map<string, string>()
  const storage = createSafeStorage(() => ({
    getItem: key => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: key => void stored.delete(key),
  }))
  createSettings(storage).change({ palette: 'blue' })
  assert.equal(createSettings(storage).state.get().palette, 'blue')
})

test('changing one setting keeps the others, in the page and on the next visit', () => {
  const stored = new Map<string, string>()
  const storage = createSafeStorage(() => ({
    getItem: key => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: key => void stored.delete(key),
  }))
  const settings = createSettings(storage)
  const changes = {
    theme: 'light',
    palette: 'blue',
    announcePrices: true,
    toasts: false,
    singleKeys: false,
    keysSend: true,
  } as const
  for (const [name, value] of Object.entries(changes)) settings.change({ [name]: value })
  assert.deepEqual(settings.state.get(), changes)
  assert.deepEqual(createSettings(storage).state.get(), changes)
})
