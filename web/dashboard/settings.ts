// What the person at the screen has chosen, kept in the browser: theme, palette, speech, keys. public/theme.js reads the
// same entry before the first paint. No React.

import { type Cell, createValue } from '../reactive/observable.ts'
import type { Storage } from './storage.ts'

export interface Settings {
  readonly theme: 'system' | 'dark' | 'light'
  readonly palette: 'green' | 'blue'
  /** A spoken summary of the chosen instrument, at most every five seconds. */
  readonly announcePrices: boolean
  /** Single letters act when no field has the focus. */
  readonly singleKeys: boolean
}

export const STANDARD_SETTINGS: Settings = {
  theme: 'system',
  palette: 'green',
  announcePrices: false,
  singleKeys: true,
}

const KEY = 'papertape.settings'

export interface SettingsStore {
  readonly cell: Cell<Settings>
  change(part: Partial<Settings>): void
}

export function createSettings(storage: Pick<Storage, 'getItem' | 'setItem'>): SettingsStore {
  const cell = createValue<Settings>(readSettings(storage.getItem(KEY)))
  return {
    cell,
    change(part) {
      const next = { ...cell.get(), ...part }
      storage.setItem(KEY, JSON.stringify(next))
      cell.set(next)
    },
  }
}

const ALLOWED: { readonly [Name in keyof Settings]: readonly Settings[Name][] } = {
  theme: ['system', 'dark', 'light'],
  palette: ['green', 'blue'],
  announcePrices: [true, false],
  singleKeys: [true, false],
}

/** Each setting that is one, and the standard for each that is not: of another version, another program, or half written. */
export function readSettings(text: string | null): Settings {
  const kept = parseObject(text)
  const read = <Name extends keyof Settings>(name: Name): Settings[Name] =>
    ALLOWED[name].find(value => value === kept[name]) ?? STANDARD_SETTINGS[name]
  return {
    theme: read('theme'),
    palette: read('palette'),
    announcePrices: read('announcePrices'),
    singleKeys: read('singleKeys'),
  }
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // No JSON: nothing of ours.
    return {}
  }
}
