// first-paint-script.ts: shows the theme and the palette that the settings name, as the page does after it has loaded.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { applyStoredLook } from './first-paint-script.ts'
import { readSettings, SETTINGS_KEY, themeOf } from './settings.ts'

/** As app/layout.tsx writes it: alone, without what surrounds the function in its file. */
const SCRIPT = `(${applyStoredLook})()`

function run(getItem: (key: string) => string | null, prefersLight: boolean) {
  const dataset: { theme?: string; palette?: string } = {}
  runInNewContext(SCRIPT, {
    localStorage: { getItem },
    matchMedia: () => ({ matches: prefersLight }),
    document: { documentElement: { dataset, style: {} } },
  })
  return { theme: dataset.theme, palette: dataset.palette }
}

test('the script and the page agree for every stored text', () => {
  const texts = [
    null,
    '{"theme":"light"}',
    '{"theme":"dark","palette":"blue"}',
    '{"theme":"system","palette":"green"}',
    '{"theme":7}',
    'null',
    '{',
    '[]',
  ]
  for (const text of texts) {
    for (const prefersLight of [true, false]) {
      const settings = readSettings(text)
      const expected = { theme: themeOf(settings, prefersLight), palette: settings.palette }
      assert.deepEqual(
        run(key => (key === SETTINGS_KEY ? text : null), prefersLight),
        expected,
        String(text),
      )
    }
  }
})

test('a chosen theme overrides the system, in both directions', () => {
  const theme = (stored: string, prefersLight: boolean) => run(() => `{"theme":"${stored}"}`, prefersLight).theme
  assert.deepEqual([theme('dark', true), theme('light', false)], ['dark', 'light'])
  assert.deepEqual([theme('system', true), theme('system', false)], ['light', 'dark'])
})

test('a storage that throws gives the theme of the system', () => {
  const shut = () => {
    throw new Error('shut')
  }
  assert.deepEqual(run(shut, true), { theme: 'light', palette: 'green' })
})
