// Keeps a market in IndexedDB, so that a page finds it again after a reload. One entry; the newest wins.

import type { SavedMockMarket } from '../saved-market.ts'

const STORE = 'market'
const KEY = 'saved'

export interface SavedMarketStore {
  /** Undefined when there is none. */
  load(): Promise<SavedMockMarket | undefined>
  /** Copies it at once; settles when it is stored. */
  save(saved: SavedMockMarket): Promise<void>
}

/** @param name of the database: pages of one origin that should not share a market use different ones. */
export async function openMarketStore(name: string): Promise<SavedMarketStore> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  const database = await settled(opening)
  return {
    load: () => settled(database.transaction(STORE).objectStore(STORE).get(KEY)),
    async save(saved) {
      await settled(database.transaction(STORE, 'readwrite').objectStore(STORE).put(saved, KEY))
    },
  }
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
