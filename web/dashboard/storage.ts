// The browser's localStorage as the page dares to use it: it may be shut, full, or hold what somebody else wrote, and none
// of that stops the page. Reads and writes that fail leave nothing behind; what is kept here is a convenience, never needed.

/** The part of localStorage that is used. */
export interface Storage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** @param open reading `window.localStorage` throws where the browser has shut it. */
export function createSafeStorage(open: () => Storage | null | undefined): Storage {
  const attempt = <T>(act: (storage: Storage) => T, otherwise: T): T => {
    try {
      const storage = open()
      return storage === null || storage === undefined ? otherwise : act(storage)
    } catch {
      // Shut, or full. What was to be kept lives as long as the page.
      return otherwise
    }
  }
  return {
    getItem: key => attempt(storage => storage.getItem(key), null),
    setItem: (key, value) => attempt(storage => storage.setItem(key, value), undefined),
    removeItem: key => attempt(storage => storage.removeItem(key), undefined),
  }
}
