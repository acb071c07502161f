// Names of Binance's streams, such as `pprusd@depth@100ms`: which there are, and what each is of. Pure.

import { intervalMsOf } from '../kline-intervals.ts'
import { symbolOfPair } from '../symbols.ts'

export type StreamName = { readonly name: string } & (
  | { readonly kind: 'trade' | 'aggTrade' | 'bookTicker'; readonly symbol: string }
  /** `levels`: the best ones alone; else what has changed. */
  | { readonly kind: 'depth'; readonly symbol: string; readonly hz: DepthHz; readonly levels: number | undefined }
  | { readonly kind: 'kline'; readonly symbol: string; readonly interval: string; readonly intervalMs: number }
  | { readonly kind: 'userData'; readonly listenKey: string }
)
/** Once a second, or with `@100ms`. */
export type DepthHz = 1 | 10

const LISTEN_KEY = /^[0-9a-f]{64}$/
const DEPTH = /^depth(5|10|20)?(@100ms|@1000ms)?$/

/** undefined for a name that there is not. */
export function parseStreamName(name: string): StreamName | undefined {
  if (LISTEN_KEY.test(name)) return { name, kind: 'userData', listenKey: name }
  const at = name.indexOf('@')
  const symbol = at < 0 ? undefined : symbolOfPair(name.slice(0, at).toUpperCase())
  if (symbol === undefined) return undefined
  const what = name.slice(at + 1)
  if (what === 'trade' || what === 'aggTrade' || what === 'bookTicker') return { name, kind: what, symbol }
  const [, levels, speed] = DEPTH.exec(what) ?? []
  if (DEPTH.test(what)) {
    const hz = speed === '@100ms' ? 10 : 1
    return { name, kind: 'depth', symbol, hz, levels: levels === undefined ? undefined : Number(levels) }
  }
  const interval = /^kline_(\w+)$/.exec(what)?.[1]
  const intervalMs = interval === undefined ? undefined : intervalMsOf(interval)
  return intervalMs === undefined ? undefined : { name, kind: 'kline', symbol, interval: interval!, intervalMs }
}
