// Runs a market in this Web Worker for the page that started it, by real time, and keeps it in IndexedDB. Called once,
// by the worker's own file.

import { createMarket, type MarketOptions } from '../create-market.ts'
import type { MockMarket } from '../market.ts'
import { openMarketStore, type SavedMarketStore } from '../storage/market-store.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { serveMarket } from './serve-market.ts'

/** What the market has done since is lost with the page. */
const SAVE_EVERY_MS = 10_000
/** A change of an account is saved after this. */
const CHECK_EVERY_MS = 300

export interface RunOptions extends Omit<MarketOptions, 'clock' | 'browser' | 'saved'> {
  /** Of the database that the market is kept in; not kept when absent. */
  readonly storeName?: string
}

/** The part of a worker's global scope that is used. */
export interface WorkerScope {
  postMessage(message: FromWorker): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void
}

export async function runMarket(scope: WorkerScope, { storeName, ...options }: RunOptions): Promise<void> {
  const report = (message: FromWorker) => scope.postMessage(message)
  const startMs = performance.now()
  try {
    const store = storeName === undefined ? undefined : await openMarketStore(storeName)
    const market = await openSaved(options, store)
    if (store !== undefined) keepSaving(market, store)
    scope.addEventListener('message', ({ data, ports: [port] }) => serveMarket(market, data, port!))
    report({ type: 'open', epoch: market.epoch, openedMs: Math.round(performance.now() - startMs) })
  } catch (error) {
    report({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
}

async function openSaved(options: MarketOptions, store: SavedMarketStore | undefined): Promise<MockMarket> {
  const open = (saved: MarketOptions['saved']) => createMarket({ ...options, clock: 'real', browser: true, saved })
  const saved = await store?.load()
  try {
    return await open(saved)
  } catch (error) {
    if (saved === undefined) throw error
    // Of another release, whose state this one cannot read.
    console.warn(`papertape: the saved market cannot be opened, a new one begins: ${error}`)
    return open(undefined)
  }
}

function keepSaving(market: MockMarket, store: SavedMarketStore): void {
  let savedMs = performance.now()
  let savedVersion = market.accountsVersion
  setInterval(() => {
    const isDue = performance.now() - savedMs >= SAVE_EVERY_MS
    if (market.accountsVersion === savedVersion && !isDue) return
    savedMs = performance.now()
    savedVersion = market.accountsVersion
    store.save(market.save()).catch((error: unknown) => console.warn(`papertape: the market is not kept: ${error}`))
  }, CHECK_EVERY_MS)
}
