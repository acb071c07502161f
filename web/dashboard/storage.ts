// localStorage that never throws: it may be blocked, full, or hold text of something else. Failed reads give null,
// failed writes are dropped. Only settings are stored.

/** The part of localStorage that is used. */
export interface SettingsStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** @param open may throw: reading `window.localStorage` does where the browser blocks it. */
export function createSafeStorage(open: () => SettingsStorage | null | undefined): SettingsStorage {
  const attempt = <T>(act: (storage: SettingsStorage) => T, otherwise: T): T => {
    try {
      const storage = open()
      return storage === null || storage === undefined ? otherwise : act(storage)
    } catch {
      // Blocked or full: settings last as long as the page.
      return otherwise
    }
  }
  return {
    getItem: key => attempt(storage => storage.getItem(key), null),
    setItem: (key, value) => attempt(storage => storage.setItem(key, value), undefined),
    removeItem: key => attempt(storage => storage.removeItem(key), undefined),
  }
}
