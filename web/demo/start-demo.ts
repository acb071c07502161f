// Starts the demo: the market in a worker, and MSW between it and the page. Loaded by the demo only. One tab at a time:
// each would have a market of its own, under one account.

import { connectMarket, handlers, type RemoteMarket } from '@papertape/mocks/page'
import { BASE_PATH } from '../base-path.ts'
import { DEMO_MARKET } from './demo-market.ts'

declare global {
  interface Window {
    /** The demo's market, for whoever wants it to misbehave: `papertape.halt('VELTR')` in the console. */
    papertape?: RemoteMarket
  }
}

const LOCK = 'papertape-demo'

let worker: Worker | undefined

/**
 * Settles when requests and sockets of this page reach the market.
 * @param onWaiting another tab has the demo: this one goes on when that one is closed.
 */
export async function startDemo(onWaiting: () => void): Promise<void> {
  await holdLock(onWaiting)
  // The service worker's side of MSW exists in browsers only.
  if (typeof window === 'undefined') return
  worker = new Worker(new URL('./market.worker.ts', import.meta.url), { type: 'module' })
  // MSW is loaded and started while the market opens.
  const opening = connectMarket(worker)
  const { setupWorker } = await import('msw/browser')
  const mocks = setupWorker()
  const serviceWorker = { url: `${BASE_PATH}/mockServiceWorker.js` }
  const starting = mocks.start({ serviceWorker, onUnhandledFrame: 'bypass', quiet: true })
  const [market] = await Promise.all([opening, starting])
  mocks.use(...handlers(market))
  window.papertape = market
}

/** Deletes the market and its account; the page must be loaded again. */
export async function forgetDemo(): Promise<void> {
  // Otherwise it would be saved once more.
  worker?.terminate()
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(DEMO_MARKET.storeName)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })
}

/** Held until the page goes. Settles when this tab has it. */
function holdLock(onWaiting: () => void): Promise<void> {
  return new Promise(resolve => {
    const hold = () => {
      resolve()
      return new Promise<never>(() => {})
    }
    void navigator.locks.request(LOCK, { ifAvailable: true }, async lock => {
      if (lock !== null) return hold()
      onWaiting()
      void navigator.locks.request(LOCK, hold)
    })
  })
}
