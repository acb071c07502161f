// The worker's side of a market in a Web Worker: `runMarket(self, { seed: 7 })` in a module of its own.

export { runMarket } from './worker/run-market.ts'
