// Preferences outlive the page, are shared by all who read them, and survive entries that something else has written.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPreferences, type Preference } from './preferences.ts'

const ROWS: Preference<{ readonly rows: number }> = {
  key: 'rows',
  read: stored => {
    const rows = (stored as { rows?: unknown } | undefined | null)?.rows
    return { rows: typeof rows === 'number' ? rows : 10 }
  },
}

function open(entries: Record<string, string> = {}) {
  const map = new Map(Object.entries(entries))
  return {
    entries: map,
    preferences: createPreferences({
      getItem: key => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
    }),
  }
}

test('a value is stored, and read again by the next page', () => {
  const { entries, preferences } = open()
  assert.deepEqual(preferences.of(ROWS).get(), { rows: 10 })
  preferences.of(ROWS).set({ rows: 20 })
  assert.deepEqual(open(Object.fromEntries(entries)).preferences.of(ROWS).get(), { rows: 20 })
})

test('all who read a preference see its changes', () => {
  const { preferences } = open()
  const seen: number[] = []
  const rows = preferences.of(ROWS)
  rows.subscribe(() => seen.push(rows.get().rows))
  preferences.of(ROWS).set({ rows: 30 })
  assert.deepEqual(seen, [30])
})

test('an entry that is not valid gives what the preference makes of nothing', () => {
  for (const text of ['{', 'null', '[]', '"x"', '{"rows":"7"}', '']) {
    assert.deepEqual(open({ 'papertape.rows': text }).preferences.of(ROWS).get(), { rows: 10 }, text)
  }
})
