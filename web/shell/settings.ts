// What the person at the screen has chosen, kept in the browser: theme, palette, speech, keys. public/theme.js reads the
// same entry before the first paint. No React.

import { type Cell, createValue } from '../market/cell.ts'

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

/** The part of localStorage that is needed. */
export interface Storage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

export interface SettingsStore {
  readonly cell: Cell<Settings>
  change(part: Partial<Settings>): void
}

/** @param storage undefined where there is none: then nothing outlives the page. */
export function createSettings(storage: Storage | undefined): SettingsStore {
  const cell = createValue<Settings>(read(storage))
  return {
    cell,
    change(part) {
      const next = { ...cell.get(), ...part }
      storage?.setItem(KEY, JSON.stringify(next))
      cell.set(next)
    },
  }
}

function read(storage: Storage | undefined): Settings {
  const text = storage?.getItem(KEY)
  if (text === null || text === undefined) return STANDARD_SETTINGS
  try {
    return { ...STANDARD_SETTINGS, ...(JSON.parse(text) as Partial<Settings>) }
  } catch {
    // Somebody else's entry, or half a write: the standard settings replace it at the next change.
    return STANDARD_SETTINGS
  }
}
