// What a person has arranged in this browser: layouts, favourites, options of a panel. Each is a JSON value in an entry
// of its own. Settings of the whole page are in settings.ts; what an account has is on the server.

import { createObservable, type SettableObservable } from '../reactive/observable.ts'
import type { SettingsStorage } from './storage.ts'

export interface Preference<T> {
  /** Unique; the entry is `papertape.<key>`. */
  readonly key: string
  /** A valid value of a stored one, which may be of an older page or of something else; undefined if there is none. */
  readonly read: (stored: unknown) => T
}

export interface Preferences {
  /** The value of a preference, the same observable for all who ask. Setting it stores it. */
  of<T>(preference: Preference<T>): SettableObservable<T>
}

export function createPreferences(storage: Pick<SettingsStorage, 'getItem' | 'setItem'>): Preferences {
  const open = new Map<string, SettableObservable<unknown>>()

  function load<T>({ key, read }: Preference<T>): SettableObservable<T> {
    const entry = `papertape.${key}`
    const value = createObservable(read(parseStoredJson(storage.getItem(entry))))
    return {
      ...value,
      set(next) {
        storage.setItem(entry, JSON.stringify(next))
        value.set(next)
      },
    }
  }

  return {
    of<T>(preference: Preference<T>) {
      const known = open.get(preference.key) as SettableObservable<T> | undefined
      if (known !== undefined) return known
      const loaded = load(preference)
      open.set(preference.key, loaded as SettableObservable<unknown>)
      return loaded
    },
  }
}

/** The fields of a stored value; none if it is no object. */
export function objectOf(stored: unknown): Readonly<Record<string, unknown>> {
  return typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {}
}

/** The JSON value of an entry; undefined if there is none. */
export function parseStoredJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    // Not JSON: written by something else.
    return undefined
  }
}
