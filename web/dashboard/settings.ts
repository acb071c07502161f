// The settings of this browser: theme, palette, announcements, keys. first-paint-script.ts reads the same entry before
// the first paint.

import { createObservable, type Observable } from '../reactive/observable.ts'
import { objectOf, parseStoredJson } from './preferences.ts'
import type { SettingsStorage } from './storage.ts'

export interface Settings {
  readonly theme: 'system' | 'dark' | 'light'
  readonly palette: 'green' | 'blue'
  /** Announces the price of the selected instrument every five seconds. */
  readonly announcePrices: boolean
  /** Shows fills, and orders that ended elsewhere, over the page. */
  readonly toasts: boolean
  /** Single-letter hotkeys act while no field has the focus. */
  readonly singleKeys: boolean
  /** The keys are armed: Enter in the ticket and the key that sends do send. Otherwise they only fill it in. */
  readonly keysSend: boolean
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  palette: 'green',
  announcePrices: false,
  toasts: true,
  singleKeys: true,
  keysSend: false,
}

export const SETTINGS_KEY = 'papertape.settings'

export interface SettingsStore {
  readonly state: Observable<Settings>
  change(part: Partial<Settings>): void
}

export function createSettings(storage: Pick<SettingsStorage, 'getItem' | 'setItem'>): SettingsStore {
  const state = createObservable<Settings>(readSettings(storage.getItem(SETTINGS_KEY)))
  return {
    state,
    change(part) {
      const next = { ...state.get(), ...part }
      storage.setItem(SETTINGS_KEY, JSON.stringify(next))
      state.set(next)
    },
  }
}

/** The theme to show. first-paint-script.ts has the same rule, because it cannot import. */
export function themeOf({ theme }: Settings, prefersLight: boolean): 'dark' | 'light' {
  if (theme === 'system') return prefersLight ? 'light' : 'dark'
  return theme
}

const ALLOWED: { readonly [Name in keyof Settings]: readonly Settings[Name][] } = {
  theme: ['system', 'dark', 'light'],
  palette: ['green', 'blue'],
  announcePrices: [true, false],
  toasts: [true, false],
  singleKeys: [true, false],
  keysSend: [true, false],
}

/** Each valid setting, and the default for each that is missing or invalid. */
export function readSettings(text: string | null): Settings {
  const stored = objectOf(parseStoredJson(text))
  const read = <Name extends keyof Settings>(name: Name): Settings[Name] =>
    ALLOWED[name].find(value => value === stored[name]) ?? DEFAULT_SETTINGS[name]
  return {
    theme: read('theme'),
    palette: read('palette'),
    announcePrices: read('announcePrices'),
    toasts: read('toasts'),
    singleKeys: read('singleKeys'),
    keysSend: read('keysSend'),
  }
}
