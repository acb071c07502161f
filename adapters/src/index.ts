// The adapters: the service as other venues offer theirs, so that clients of those need only a URL and keys. Knows no
// HTTP server and no socket.

export type { Adapter, AdapterAnswer, AdapterConnection, AdapterRequest } from './adapter.ts'
export type { AdapterDeps } from './adapter-deps.ts'
export { AlpacaAdapter } from './alpaca/alpaca.ts'
export { BinanceAdapter } from './binance/binance.ts'
